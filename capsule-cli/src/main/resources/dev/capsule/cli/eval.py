import ast


def main(code):
    tree = ast.parse(code, "<code>")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    names = {"__name__": "__main__"}
    exec(compile(tree, "<code>", "exec"), names)
    if last is not None:
        return eval(compile(ast.Expression(last.value), "<code>", "eval"), names)
    return names.get("result")
