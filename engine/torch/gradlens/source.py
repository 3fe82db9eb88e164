"""What the text of a script says: which expression a name was given, which name an expression was given to."""

import ast
import linecache


class Sources:
    """Syntax trees of the user's files, parsed when first asked for."""

    def __init__(self):
        self._trees = {}

    def text(self, file):
        return "".join(linecache.getlines(file))

    def _tree(self, file):
        if file not in self._trees:
            try:
                self._trees[file] = ast.parse(self.text(file))
            except (SyntaxError, ValueError, RecursionError):
                self._trees[file] = None
        return self._trees[file]

    def assignment(self, file, code, name):
        """(line, column) of the expression that `name` is first given in the scope that `code` runs; None if nowhere."""
        value = self.value_of(file, code, name)
        return value and (value.lineno, self._column(file, value) + 1)

    def value_of(self, file, code, name):
        """The expression that `name` (`w`, `self.w`) is first given in the scope that `code` runs."""
        tree = self._tree(file)
        scope = tree and _scope(tree, code)
        if scope is None:
            return None
        for statement in _statements(scope):
            for target, value in _assignments(statement):
                if _dotted(target) == name:
                    return value
        return None

    def name_at(self, file, line, column):
        """The name that the expression at a place is given: `model` for that of `model = Net()`."""
        tree = self._tree(file)
        if tree is None:
            return None
        for statement in ast.walk(tree):
            for target, value in _assignments(statement):
                if value.lineno == line and (column == 1 or self._column(file, value) + 1 == column):
                    return (_dotted(target) or "").rpartition(".")[2] or None
        return None

    def calls(self, file, code, names):
        """Places of the calls, within the scope that `code` runs, of functions or methods of these names, in order."""
        tree = self._tree(file)
        scope = tree and _scope(tree, code)
        found = []
        for node in ast.walk(scope) if scope is not None else ():
            if isinstance(node, ast.Call) and (_dotted(node.func) or getattr(node.func, "attr", "")).rpartition(".")[2] in names:
                found.append((node.lineno, self._column(file, node) + 1))
        return sorted(found)

    def _column(self, file, node):
        text = linecache.getline(file, node.lineno)
        if text.isascii():
            return node.col_offset
        return len(text.encode("utf-8")[: node.col_offset].decode("utf-8", "ignore"))


def _scope(tree, code):
    """The module, or the function that `code` was compiled from."""
    if code.co_name == "<module>":
        return tree
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == code.co_name:
            first = min([node.lineno] + [decorator.lineno for decorator in node.decorator_list])
            if first == code.co_firstlineno:
                return node
    return None


def _statements(scope):
    """The statements of a scope, those of scopes within it left out, in order of the text."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(child, ast.stmt):
            yield child
        yield from _statements(child)


def _assignments(statement):
    """Pairs of target and value; `a, b = f(), g()` is two."""
    if isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets, value = [statement.target], statement.value
    else:
        return
    for target in targets:
        sequence = isinstance(target, (ast.Tuple, ast.List))
        if sequence and isinstance(value, (ast.Tuple, ast.List)) and len(target.elts) == len(value.elts):
            yield from zip(target.elts, value.elts)
        elif sequence:
            for element in target.elts:
                yield element, value
        else:
            yield target, value


def _dotted(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return owner and owner + "." + node.attr
    return None
