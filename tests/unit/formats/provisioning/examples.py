"""The documented example URLs, as IBM's and HCL's pages have them."""

from __future__ import annotations

DOCUMENTED = (
    "sametime://Your_Sametime_ID@lmc.example.com:443/?action=AddCommunity&ssl=true&authProxyReuseCredentials=true",
    "sametime://lmc.example.com:8881/?action=AddCommunity&ssl=true&authProxyReuseCredentials=true",
    "sametime://@stproxy.example.com:9080/?action=AddCommunity&ssl=false",
    "sametime://stproxyserver.example.com:9080/?action=AddCommunity&ssl=false",
    "sametime://stproxyserver.example.com:9080/?action=AddCommunity&ssl=false&communityName=Sametime%20Server",
    "sametime://dmisawa@stproxyserver.example.com:9080/?action=AddCommunity&ssl=false",
    "sametime://dmisawa%40auto_sales@stproxyserver.example.com:9080/?action=AddCommunity&ssl=false",
    "hclsametime://stproxyserver.example.com/?action=AddCommunity&communityName=Sametime%20Server",
    "hclsametime://dmisawa@stproxyserver.example.com:9080/?action=AddCommunity",
    "hclsametime://Your_Sametime_ID@safelinx.example.com/?action=AddCommunity&authProxyReuseCredentials=true",
    "hclsametime://safelinx.example.com:8881/?action=AddCommunity&authProxyEnabled=true",
)

FOR_SERVERS = "hclsametime://%s@stproxyserver.example.com/?action=AddCommunity&communityName=Sametime%20Server"
"""The example for MOBILE_CONFIGURL: the server replaces %s."""
