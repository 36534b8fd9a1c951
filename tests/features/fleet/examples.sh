#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# examples.sh SOURCE_DIR [PROGRAM]: the unit and the compose file in examples/fleet. systemd-analyze, where it is,
# verifies the unit; the compose file is read by PyYAML, and its services are checked. The options of the commands in
# both are those that PROGRAM knows.
set -eu
source_dir=$1
program=${2:-}
folder=$source_dir/examples/fleet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unit="$folder/yunhu-outbox@.service"
if command -v systemd-analyze > /dev/null; then
    sed 's#^ExecStart=/usr/bin/yunhu #ExecStart=/bin/true #' "$unit" > "$work/yunhu-outbox@1.service"
    complaints=$(systemd-analyze verify --man=no "$work/yunhu-outbox@1.service" 2>&1) || complaints="$complaints (failed)"
    if [ -n "$complaints" ]; then
        echo "systemd-analyze: $complaints"
        exit 1
    fi
fi

python3 - "$folder/compose.yml" "$unit" "$program" <<'END'
import re, shlex, subprocess, sys
try:
    import yaml
except ImportError:
    sys.exit("PyYAML is missing: apt-get install python3-yaml")

compose_file, unit_file, program = sys.argv[1:]
wrong = []

unit = {}
section = None
for line in open(unit_file, encoding="utf-8"):
    line = line.strip()
    if not line or line[0] in "#;":
        continue
    if line[0] == "[":
        section = line.strip("[]")
        continue
    name, equals, value = line.partition("=")
    if not equals or section is None:
        wrong.append(f"unit: not a setting: {line}")
    unit.setdefault((section, name), []).append(value)
for needed in (("Unit", "Description"), ("Service", "ExecStart"), ("Install", "WantedBy")):
    if needed not in unit:
        wrong.append(f"unit: {needed[1]} is missing")

with open(compose_file, encoding="utf-8") as text:
    compose = yaml.safe_load(text)
known = {"image", "command", "environment", "secrets", "volumes", "healthcheck", "depends_on", "deploy", "restart",
         "stop_grace_period", "profiles", "stdin_open"}
services = compose["services"]
for name, service in services.items():
    for key in set(service) - known:
        wrong.append(f"compose: {name}: {key}")
    for secret in service.get("secrets", []):
        if secret not in compose["secrets"]:
            wrong.append(f"compose: {name}: no secret {secret}")
    for volume in service.get("volumes", []):
        if volume.split(":")[0] not in compose["volumes"]:
            wrong.append(f"compose: {name}: no volume {volume}")
    for other in service.get("depends_on", {}):
        if other not in services:
            wrong.append(f"compose: {name}: no service {other}")
        elif "healthcheck" not in services[other]:
            wrong.append(f"compose: {name}: {other} has no healthcheck")
if services["worker"]["deploy"]["replicas"] != 3:
    wrong.append("compose: not three workers")

commands = [service["command"] for name, service in services.items() if "command" in service]
commands += [shlex.split(line)[1:] for line in unit.get(("Service", "ExecStart"), [])]
if program:
    help_text = subprocess.run([program, "outbox", "--help"], capture_output=True, text=True, check=True).stdout
    for command in commands:
        if command[0] != "outbox" or not re.search(rf"\b{command[1]}\b", help_text):
            wrong.append(f"not an action of yunhu outbox: {command}")
        for option in (word for word in command if word.startswith("--")):
            if option not in help_text:
                wrong.append(f"not an option of yunhu outbox: {option}")
if len(commands) != 4:
    wrong.append("commands are missing")
sys.exit("\n".join(wrong) or 0)
END
echo "the unit and the compose file are fine"
