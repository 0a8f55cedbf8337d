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
    private byte _firstByteOfField1;

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

    /// <summary>Whether field 1 is text, and not a message whose own first field is text or bytes (tag 0x0A).</summary>
    public bool HasTextInField1 => Has(1, WireType.Bytes) && _firstByteOfField1 is not (0x0A or 0);

    /// <summary>Whether field 1 is a message whose own first field is text or bytes.</summary>
    public bool HasMessageInField1 => Has(1, WireType.Bytes) && _firstByteOfField1 == 0x0A;

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
        if (field.Is(1, WireType.Bytes) && field.Length > 0 && !Has(1, WireType.Bytes))
        {
            Span<byte> first = stackalloc byte[1];
            _file.Read(field.Position, first);
            _firstByteOfField1 = first[0];
        }

        _fields.Add((field.Number, field.Type));
    }
}
