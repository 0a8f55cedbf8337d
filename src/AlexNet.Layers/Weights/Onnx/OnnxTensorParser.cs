namespace AlexNetTF.Weights;

/// <summary>
/// Reads ONNX's TensorProto. Values are raw bytes (9), floats (4), doubles (10), varints for the small types (5, 7,
/// 11), or lie in a file beside the model (13, 14).
/// </summary>
internal sealed class OnnxTensorParser(OnnxExternalData external, List<IDisposable> owned)
{
    private const int Dimensions = 1, DataType = 2, FloatData = 4, Int32Data = 5, Int64Data = 7, Name = 8;
    private const int RawData = 9, DoubleData = 10, UInt64Data = 11, ExternalData = 13, DataLocation = 14;

    /// <param name="message">The tensor.</param>
    /// <param name="name">The name that a Constant's output gives it; null for its own.</param>
    public OnnxTensor Parse(WireMessage message, string? name)
    {
        var fields = new TensorFields();
        while (message.Read(out WireField field))
        {
            Add(fields, message, field);
        }

        string called = name ?? fields.Name;
        long[] shape = [.. fields.Dimensions];
        StoredTensor? values = null;
        if (Type(fields.DataType) is ElementType type)
        {
            values = new StoredTensor(Region(fields, message, type, called, shape), type);
            WeightEntries.RequireExactBytes(called, shape, values);
        }

        return new OnnxTensor(called, shape, values, IsInitializer: name is null);
    }

    private static void Add(TensorFields fields, WireMessage message, WireField field)
    {
        switch (field.Number)
        {
            case Dimensions: message.AddIntegers(field, fields.Dimensions, Shapes.MaximumRank); break;
            case DataType when field.Type == WireType.Varint: fields.DataType = field.Value; break;
            case FloatData when field.Type is WireType.Bytes or WireType.Fixed32: fields.Floats.Add(message.File, field); break;
            case DoubleData when field.Type is WireType.Bytes or WireType.Fixed64: fields.Doubles.Add(message.File, field); break;
            case Int32Data or Int64Data or UInt64Data: fields.SetVarints(message.File, field); break;
            case Name when field.Type == WireType.Bytes: fields.Name = message.Text(field); break;
            case RawData when field.Type == WireType.Bytes: fields.Raw = field; break;
            case ExternalData when field.Type == WireType.Bytes: fields.AddExternal(message, field); break;
            case DataLocation when field.Type == WireType.Varint: fields.IsExternal = field.Value == 1; break;
        }
    }

    private ByteRegion Region(TensorFields fields, WireMessage message, ElementType type, string name, long[] shape)
    {
        WeightBytes file = message.File;
        if (fields.IsExternal)
        {
            return external.Region(name, fields.External, message.Start);
        }

        if (fields.Raw is WireField raw)
        {
            return new FileRegion(file, raw.Position, raw.Length);
        }

        if (fields.Varints is WireField varints && type is not (ElementType.Float32 or ElementType.Float64))
        {
            return Decoded(file, varints, type, name, shape);
        }

        return type == ElementType.Float64 ? fields.Doubles.Region(file, message.Start) : fields.Floats.Region(file, message.Start);
    }

    /// <summary>Small types as varints, a float16 by its bits.</summary>
    private DecodedRegion Decoded(WeightBytes file, WireField varints, ElementType type, string name, long[] shape)
    {
        long count = Shapes.Count(shape, file, varints.Position, $"'{name}'");
        if (count > varints.Length)
        {
            throw file.Error(varints.Position, $"'{name}' of shape {Shapes.Text(shape)} cannot have its {count:N0} values in {varints.Length:N0} bytes");
        }

        var region = new DecodedRegion(
            file, varints.Position, count * type.Size(), "varint", () => new VarintStream(new FileWindowStream(file, varints.Position, varints.Length), type.Size()));
        owned.Add(region);
        return region;
    }

    private static ElementType? Type(ulong dataType) => dataType switch
    {
        1 => ElementType.Float32,
        2 => ElementType.UInt8,
        3 => ElementType.Int8,
        4 => ElementType.UInt16,
        5 => ElementType.Int16,
        6 => ElementType.Int32,
        7 => ElementType.Int64,
        9 => ElementType.Boolean,
        10 => ElementType.Float16,
        11 => ElementType.Float64,
        12 => ElementType.UInt32,
        13 => ElementType.UInt64,
        16 => ElementType.BFloat16,
        _ => null,
    };

    private sealed class TensorFields
    {
        public List<long> Dimensions { get; } = [];

        public ulong DataType { get; set; }

        public string Name { get; set; } = "";

        public NumberRuns Floats { get; } = new(sizeof(float));

        public NumberRuns Doubles { get; } = new(sizeof(double));

        public WireField? Raw { get; set; }

        public WireField? Varints { get; private set; }

        public bool IsExternal { get; set; }

        public Dictionary<string, string> External { get; } = new(StringComparer.Ordinal);

        public void SetVarints(WeightBytes file, WireField field)
        {
            if (field.Type != WireType.Bytes || Varints is not null)
            {
                throw file.Error(field.Position, "integers that are not packed in one piece");
            }

            Varints = field;
        }

        /// <summary>StringStringEntryProto: key (1), value (2).</summary>
        public void AddExternal(WireMessage message, WireField field)
        {
            string key = "", value = "";
            WireMessage pair = message.Message(field);
            while (pair.Read(out WireField part))
            {
                if (part.Is(1, WireType.Bytes))
                {
                    key = pair.Text(part);
                }
                else if (part.Is(2, WireType.Bytes))
                {
                    value = pair.Text(part);
                }
            }

            if (External.Count < 16)
            {
                External[key] = value;
            }
        }
    }
}
