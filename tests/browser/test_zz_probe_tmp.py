import os, subprocess, time, json, pathlib
from datetime import date
import pytest
from playwright.sync_api import sync_playwright
from tests.scoring.public_people import *
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
SHOTS=pathlib.Path("/tmp/web/shots")
ARGS="--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split()
pytestmark=pytest.mark.django_db(transaction=True)
def test_probe(live_server):
    who=people(); set_today()
    u=live_server.url
    pages={
     "search":"/","none":"/?name=张三丰&institution=不存在医院","error":"/?name=张","errors2":"/?institution=济仁",
     "candidates":"/?name=lxm&institution=济仁","candidates2":"/?name=耿晓敏&institution=济仁中医",
     "terminated":f"/s/{who.terminated.slug}","suspended":f"/s/{who.suspended.slug}","scored":f"/s/{who.scored.slug}","clean":f"/s/{who.clean.slug}",
     "rules":"/rules/inner-mongolia/1","about":"/about/","404":"/s/aaaaaaaaaaaaaaaa"}
    only=os.environ.get("ONLY"); 
    if only: pages={k:v for k,v in pages.items() if k in only.split(",")}
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path="/usr/bin/chromium",args=ARGS)
        for lang in os.environ.get("LANGS","zh-CN").split(","):
          for w,h,scheme,tag in ((390,844,"light","390"),(1280,900,"light","1280"),(390,844,"dark","390d")):
            if os.environ.get("TAGS") and tag not in os.environ["TAGS"].split(","): continue
            c=b.new_context(viewport={"width":w,"height":h},locale=lang,color_scheme=scheme,java_script_enabled=True,device_scale_factor=1)
            for name,path in pages.items():
                pg=c.new_page()
                pg.on("console",lambda m: print("CONSOLE",name,m.text))
                r=pg.goto(u+path)
                print(name,r.status, "overflow" if pg.evaluate("document.documentElement.scrollWidth>innerWidth") else "")
                pg.screenshot(path=str(SHOTS/f"{name}-{tag}-{lang[:2]}.png"),full_page=True)
                pg.close()
            c.close()
        b.close()
