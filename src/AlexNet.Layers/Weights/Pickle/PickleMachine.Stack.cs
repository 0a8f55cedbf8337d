namespace AlexNetTF.Weights;

/// <content>The stack, the memo, and the opcodes that put objects together.</content>
internal sealed partial class PickleMachine
{
    private void Push(object? value) => _stack.Add(value);

    private object? Peek()
    {
        if (_stack.Count == (_marks.Count > 0 ? _marks[^1] : 0))
        {
            throw Error("an operand is missing from the stack");
        }

        return _stack[^1];
    }

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    /// <summary>POP takes a value, or a mark where nothing lies above it.</summary>
    private void PopAny()
    {
        if (_marks.Count > 0 && _marks[^1] == _stack.Count)
        {
            _marks.RemoveAt(_marks.Count - 1);
        }
        else
        {
            Pop();
        }
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw Error("no mark was set");
        }

        int mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        object?[] items = [.. _stack.GetRange(mark, _stack.Count - mark)];
        _stack.RemoveRange(mark, items.Length);
        return items;
    }

    private void PushTuple(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        Push(new PickleTuple(items));
    }

    private void Append(object?[] items)
    {
        if (Peek() is not PickleList list)
        {
            throw Error("items are appended to something that is no list");
        }

        list.Items.AddRange(items);
    }

    private void PushDictionary(object?[] items)
    {
        Push(new PickleDictionary([]));
        SetItems(items);
    }

    private void SetItem()
    {
        object? value = Pop();
        SetItems([Pop(), value]);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDictionary dictionary)
        {
            throw Error("items are set in something that is no dictionary");
        }

        if (items.Length % 2 != 0)
        {
            throw Error("a key has no value");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Items.Add(new KeyValuePair<object, object?>(Key(items[i]), items[i + 1]));
        }
    }

    private object Key(object? key) => key is PickleBlob or long or bool
        ? key
        : throw Error("a key is neither text, bytes nor an integer");

    private void Reduce()
    {
        if (Pop() is not PickleTuple arguments || Pop() is not PickleGlobal callable)
        {
            throw Error("a call needs a global and a tuple of arguments");
        }

        Push(_dialect.Call(this, callable, arguments.Items));
    }

    /// <summary>NEWOBJ makes an object of a class; of the allowed ones only the plain containers have instances this way.</summary>
    private void NewObject()
    {
        if (Pop() is not PickleTuple { Items.Length: 0 } || Pop() is not PickleGlobal callable || NewContainer(callable) is not object made)
        {
            throw Error("an object of a class that weights do not need");
        }

        Push(made);
    }

    /// <summary>An empty container of the named class; null for any other.</summary>
    public static object? NewContainer(PickleGlobal type) => type switch
    {
        { Module: "collections", Name: "OrderedDict" } => new PickleDictionary([]),
        { Module: "builtins" or "__builtin__", Name: "dict" } => new PickleDictionary([]),
        { Module: "builtins" or "__builtin__", Name: "list" } => new PickleList([]),
        _ => null,
    };

    private void Build()
    {
        object? state = Pop();
        object target = Peek() ?? throw Error("a state for None");
        _dialect.SetState(this, target, state);
    }

    private void StackGlobal()
    {
        if (Pop() is not PickleBlob name || Pop() is not PickleBlob module || !name.IsText || !module.IsText)
        {
            throw Error("a global is named by something that is no text");
        }

        PushGlobal(Text(module), Text(name));
    }

    private void PushGlobal(string module, string name)
    {
        var global = new PickleGlobal(module, name);
        if (!_dialect.Allows(global))
        {
            throw Error($"the file refers to the code '{global}', which weights do not need; it is not loaded, and nothing of the file is run");
        }

        Push(global);
    }

    private void Memoize(uint index) => _memo[index] = Peek();

    private void Recall(uint index) =>
        Push(_memo.TryGetValue(index, out object? value) ? value : throw Error($"nothing was stored under memo index {index}"));
}
