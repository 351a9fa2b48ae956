"""Prints the SQL in a PySpark module, a JSON string a line: the texts given to expr, selectExpr and where, and the
schemas, the module's own constants, as tables."""
import ast
import json
import sys

AROUND = {"expr": "SELECT {}", "selectExpr": "SELECT {}", "where": "SELECT 1 WHERE {}"}

module = ast.parse(open(sys.argv[1]).read())
constants = {}
exec(compile(ast.Module([n for n in module.body if isinstance(n, ast.Assign)], []), sys.argv[1], "exec"), {}, constants)
for name, columns in constants.items():
    print(json.dumps(f"CREATE TABLE t ({columns})" if name == "MANIFEST" else f"CREATE TABLE t (c {columns})"))
for call in ast.walk(module):
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in AROUND:
        for text in call.args:
            if isinstance(text, ast.Constant):
                print(json.dumps(AROUND[call.func.attr].format(text.value)))
