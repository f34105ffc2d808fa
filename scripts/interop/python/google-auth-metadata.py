import google.auth
from google.auth.transport.requests import AuthorizedSession
from target import drive

# No key and no option: GCE_METADATA_HOST and GCE_METADATA_IP lead to the metadata server, both ways.
credentials, project = google.auth.default(scopes=["https://www.googleapis.com/auth/drive"])
assert project
session = AuthorizedSession(credentials)
file = session.post(f"{drive}/drive/v3/files", json={"name": "Keyless"}).json()
assert session.get(f"{drive}/drive/v3/files/{file['id']}").json()["name"] == "Keyless"
