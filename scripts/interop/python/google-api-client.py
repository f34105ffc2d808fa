import io

from target import env, google_credentials, pointed

# httplib2 reads this when it is imported, and nothing else. A media upload insists on https, which every port speaks.
if pointed:
    env["HTTPLIB2_CA_CERTS"] = env["DTU_CA_CERT"]

from googleapiclient.discovery import build
from googleapiclient.http import MediaIoBaseUpload
# `api_endpoint` replaces host and service path; a media upload keeps only its host, so this client gets a port of the
# universe's own.
at = {"client_options": {"api_endpoint": env["GOOGLE_DRIVE_URL"] + "/drive/v3/"}} if pointed else {}
drive = build("drive", "v3", credentials=google_credentials(), static_discovery=True, **at)
media = MediaIoBaseUpload(io.BytesIO(b"Hello"), mimetype="text/plain")
file = drive.files().create(body={"name": "hello.txt"}, media_body=media).execute()
assert drive.files().get_media(fileId=file["id"]).execute() == b"Hello"
assert [found["id"] for found in drive.files().list(q="name = 'hello.txt'").execute()["files"]] == [file["id"]]
