import gspread
from target import google_credentials

# Its hosts are constants: it works behind the proxy only.
client = gspread.authorize(google_credentials())
book = client.create("Sums")
book.sheet1.update([[1, 2, "=A1+B1"]], "A1:C1", raw=False)
assert client.open_by_key(book.id).sheet1.get("C1") == [["3"]]
