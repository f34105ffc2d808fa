import asyncio

from okta.client import Client
from okta.models import Group, OktaUserGroupProfile
from target import env, okta


async def main():
    client = Client({"orgUrl": okta, "token": env["OKTA_CLIENT_TOKEN"]})
    profile = OktaUserGroupProfile(name="Interop")
    group, _, error = await client.add_group({"profile": profile.to_dict()})
    assert not error, error
    read, _, error = await client.get_group(group.id)
    assert not error, error
    assert read.id == group.id


asyncio.run(main())
