from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from target import access, drive

# The library asks for its token where the key file's `token_uri` says.
key = access["drive"]["serviceAccount"]
credentials = Credentials.from_service_account_info(key, scopes=["https://www.googleapis.com/auth/drive"])
session = AuthorizedSession(credentials)
file = session.post(f"{drive}/drive/v3/files", json={"name": "Signed"}).json()
assert session.get(f"{drive}/drive/v3/files/{file['id']}").json()["name"] == "Signed"
