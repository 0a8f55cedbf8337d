namespace AlexNetTF.Weights;

/// <summary>Reads ONNX's ValueInfoProto: name (1), and of its type (2) the tensor's (1) shape (2) as dimensions (1) with a value (1).</summary>
internal static class OnnxInputParser
{
    public static (string Name, long[] Shape) Parse(WireMessage message)
    {
        string name = "";
        long[] shape = [];
        while (message.Read(out WireField field))
        {
            if (field.Is(1, WireType.Bytes))
            {
                name = message.Text(field);
            }
            else if (field.Is(2, WireType.Bytes))
            {
                shape = Shape(message.Message(field));
            }
        }

        return (name, shape);
    }

    private static long[] Shape(WireMessage type)
    {
        var dimensions = new List<long>();
        foreach (WireMessage tensor in Inside(type, 1))
        {
            foreach (WireMessage shape in Inside(tensor, 2))
            {
                foreach (WireMessage dimension in Inside(shape, 1))
                {
                    dimensions.Add(Dimension(dimension));
                }
            }
        }

        return [.. dimensions.Take(Shapes.MaximumRank)];
    }

    private static long Dimension(WireMessage message)
    {
        long value = -1;
        while (message.Read(out WireField field))
        {
            value = field.Is(1, WireType.Varint) ? (long)field.Value : value;
        }

        return value;
    }

    private static List<WireMessage> Inside(WireMessage message, int number)
    {
        var found = new List<WireMessage>();
        while (message.Read(out WireField field) && found.Count < Shapes.MaximumRank)
        {
            if (field.Is(number, WireType.Bytes))
            {
                found.Add(message.Message(field));
            }
        }

        return found;
    }
}
