namespace AlexNetTF.Weights;

/// <summary>How the bytes or characters of a string lie in a pickle.</summary>
internal enum BlobCoding
{
    /// <summary>Bytes as they are.</summary>
    Bytes,

    /// <summary>Bytes written as the inside of a Python string literal (protocol 0).</summary>
    EscapedBytes,

    /// <summary>Characters in UTF-8.</summary>
    Text,

    /// <summary>Characters in Python's raw-unicode-escape (protocol 0).</summary>
    EscapedText,

    /// <summary>Bytes written as the characters 0 to 255 in UTF-8 (Python 3, protocols 1 and 2).</summary>
    BytesInText,

    /// <summary>Bytes written as the characters 0 to 255 in raw-unicode-escape (Python 3, protocol 0).</summary>
    BytesInEscapedText,
}

/// <summary>A byte string or a text, left in the file.</summary>
internal sealed record PickleBlob(long Position, long Length, BlobCoding Coding)
{
    public bool IsText => Coding is BlobCoding.Text or BlobCoding.EscapedText;
}

/// <summary>A class or function that the pickle names; never more than a name here.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

internal sealed record PickleTuple(object?[] Items);

internal sealed record PickleList(List<object?> Items);

/// <summary>A dictionary in the order in which it was filled.</summary>
internal sealed record PickleDictionary(List<KeyValuePair<object, object?>> Items);

/// <summary>
/// Which globals a kind of pickle may name and what they make. Everything is a fixed list: nothing is looked up
/// in the running program.
/// </summary>
internal abstract class PickleDialect
{
    public abstract bool Allows(PickleGlobal global);

    /// <summary>What calling an allowed global gives.</summary>
    public abstract object Call(PickleMachine machine, PickleGlobal callable, object?[] arguments);

    /// <summary>Gives an object its state.</summary>
    public abstract void SetState(PickleMachine machine, object target, object? state);

    /// <summary>What a persistent id stands for.</summary>
    public virtual object Load(PickleMachine machine, object? id) =>
        throw machine.Error("a persistent id refers to something outside the file");
}
