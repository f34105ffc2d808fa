import requests
from target import env, okta

session = requests.Session()
session.headers["authorization"] = f"SSWS {env['OKTA_CLIENT_TOKEN']}"
group = session.post(f"{okta}/api/v1/groups", json={"profile": {"name": "Interop"}}).json()
assert session.get(f"{okta}/api/v1/groups/{group['id']}").json()["profile"]["name"] == "Interop"
