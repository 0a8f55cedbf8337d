namespace AlexNetTF.Weights;

/// <summary>
/// The outermost fields of a file that may be a protobuf message, for telling formats apart: protobuf has no magic,
/// but each of these formats has fields that the others have not. Damage ends the outline, it is no error here.
/// </summary>
internal sealed class WireOutline
{
    private const int MostFields = 64;

    private readonly HashSet<(int Number, WireType Type)> _fields = [];
    private readonly WeightBytes _file;

    private WireOutline(WeightBytes file) => _file = file;

    public static WireOutline Of(WeightBytes file)
    {
        var outline = new WireOutline(file);
        if (file.Length > 0)
        {
            outline.Scan(new WireMessage(new FileWindow(file), 0, file.Length));
        }

        return outline;
    }

    /// <summary>What ended the outline before the file's end; null where nothing did.</summary>
    public FileFormatException? Damage { get; private set; }

    /// <summary>How many different fields were seen.</summary>
    public int Count => _fields.Count;

    public bool Has(int number, WireType type) => _fields.Contains((number, type));

    /// <summary>The first field 1 that holds bytes; null where none was seen.</summary>
    public WireField? Field1 { get; private set; }

    /// <summary>Whether field 1 is a message, whose tags and lengths are control characters among its first bytes, and not a name.</summary>
    public bool HasMessageInField1 => Field1 is { Length: > 0 } first && !IsName(first);

    /// <summary>Whether a field begins as text does.</summary>
    public bool IsName(WireField field)
    {
        Span<byte> first = stackalloc byte[(int)Math.Min(field.Length, 64)];
        _file.Read(field.Position, first);
        return !first.ContainsAnyInRange((byte)0, (byte)31);
    }

    private void Scan(WireMessage message)
    {
        try
        {
            for (int i = 0; i < MostFields && message.Read(out WireField field); i++)
            {
                Add(field);
            }
        }
        catch (FileFormatException damage)
        {
            // What was seen before is enough to tell the format, whose reader will come to the damage again.
            Damage = damage;
        }
    }

    private void Add(WireField field)
    {
        if (field.Is(1, WireType.Bytes))
        {
            Field1 ??= field;
        }

        _fields.Add((field.Number, field.Type));
    }
}
