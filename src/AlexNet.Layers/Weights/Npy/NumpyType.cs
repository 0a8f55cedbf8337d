namespace AlexNetTF.Weights;

/// <summary>A NumPy dtype that weights can have: a number type with its byte order, or Python objects.</summary>
/// <param name="Element">The number type; null for objects.</param>
/// <param name="BigEndian">Whether the most significant byte comes first.</param>
internal readonly record struct NumpyType(ElementType? Element, bool BigEndian)
{
    public static NumpyType Objects => new(null, false);

    /// <summary>
    /// Parses dtype text such as <c>&lt;f4</c>: an optional byte order (&lt; little, &gt; big, = and | native), a
    /// kind, a size in bytes. Null where it is no number type.
    /// </summary>
    public static NumpyType? Parse(string text)
    {
        bool hasOrder = text.Length > 0 && text[0] is '<' or '>' or '=' or '|';
        string kind = hasOrder ? text[1..] : text;
        if (kind is "O" or "O4" or "O8")
        {
            return Objects;
        }

        ElementType? element = kind switch
        {
            "f2" => ElementType.Float16,
            "f4" => ElementType.Float32,
            "f8" => ElementType.Float64,
            "i1" => ElementType.Int8,
            "i2" => ElementType.Int16,
            "i4" => ElementType.Int32,
            "i8" => ElementType.Int64,
            "u1" => ElementType.UInt8,
            "u2" => ElementType.UInt16,
            "u4" => ElementType.UInt32,
            "u8" => ElementType.UInt64,
            "b1" or "?" => ElementType.Boolean,
            _ => null,
        };
        return element is null ? null : new NumpyType(element, hasOrder && text[0] == '>');
    }
}
