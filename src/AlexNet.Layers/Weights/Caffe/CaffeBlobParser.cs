namespace AlexNetTF.Weights;

/// <summary>
/// Reads Caffe's BlobProto: shape (7), or num, channels, height, width (1 to 4) in old files; the values as float (5)
/// or double (8), packed or not. The gradients (6, 9) are passed over.
/// </summary>
internal static class CaffeBlobParser
{
    private const int Data = 5, Shape = 7, DoubleData = 8, LegacyDimensions = 4;

    public static CaffeBlob Parse(WireMessage message, string layer)
    {
        List<long>? shape = null;
        long[] legacy = new long[LegacyDimensions];
        bool isLegacy = false;
        NumberRuns floats = new(sizeof(float)), doubles = new(sizeof(double));
        while (message.Read(out WireField field))
        {
            switch (field.Number)
            {
                case >= 1 and <= LegacyDimensions when field.Type == WireType.Varint:
                    legacy[field.Number - 1] = (int)field.Value;
                    isLegacy = true;
                    break;
                case Shape when field.Type == WireType.Bytes:
                    shape = ParseShape(message.Message(field));
                    break;
                case Data when field.Type is WireType.Bytes or WireType.Fixed32:
                    floats.Add(message.File, field);
                    break;
                case DoubleData when field.Type is WireType.Bytes or WireType.Fixed64:
                    doubles.Add(message.File, field);
                    break;
            }
        }

        bool isDouble = doubles.Count > 0;
        if (isDouble && floats.Count > 0)
        {
            throw message.File.Error(message.Start, $"a blob of '{layer}' has both float and double values");
        }

        var values = new StoredTensor(
            (isDouble ? doubles : floats).Region(message.File, message.Start), isDouble ? ElementType.Float64 : ElementType.Float32);
        long[] dimensions = shape is null && isLegacy ? legacy : [.. shape ?? []];
        WeightEntries.RequireExactBytes($"a blob of layer '{layer}'", dimensions, values);
        return new CaffeBlob(dimensions, shape is null && isLegacy, values);
    }

    private static List<long> ParseShape(WireMessage message)
    {
        var dimensions = new List<long>();
        while (message.Read(out WireField field))
        {
            if (field.Number == 1)
            {
                message.AddIntegers(field, dimensions, Shapes.MaximumRank);
            }
        }

        return dimensions;
    }
}
