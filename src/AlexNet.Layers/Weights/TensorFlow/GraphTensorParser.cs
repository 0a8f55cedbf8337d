using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.Weights;

/// <summary>
/// Reads TensorFlow's TensorProto: the values as bytes (4), or listed as float (5), double (6), or varints for the
/// small types (7, 10, 11, 13, 16, 17).
/// </summary>
internal sealed class GraphTensorParser(List<IDisposable> owned)
{
    private const int Type = 1, Shape = 2, Content = 4, Floats = 5, Doubles = 6, Ints = 7, Int64s = 10, Bools = 11, Halves = 13, UInt32s = 16, UInt64s = 17;

    // A few bytes can stand for any number of equal values.
    private const long MostFilled = 1 << 27;

    public GraphConstant Parse(WireMessage message, string name)
    {
        var type = DataType.DtInvalid;
        var shape = new List<long>();
        WireField? content = null, varints = null;
        NumberRuns floats = new(sizeof(float)), doubles = new(sizeof(double));
        while (message.Read(out WireField field))
        {
            switch (field.Number)
            {
                case Type when field.Type == WireType.Varint: type = (DataType)(int)field.Value; break;
                case Shape when field.Type == WireType.Bytes: AddShape(message.Message(field), shape); break;
                case Content when field.Type == WireType.Bytes: content = field; break;
                case Floats when field.Type is WireType.Bytes or WireType.Fixed32: floats.Add(message.File, field); break;
                case Doubles when field.Type is WireType.Bytes or WireType.Fixed64: doubles.Add(message.File, field); break;
                case Ints or Int64s or Bools or Halves or UInt32s or UInt64s when field.Type == WireType.Bytes: varints = field; break;
            }
        }

        var layout = TensorLayout.InOrder([.. shape]);
        long count = Shapes.Count(layout.Shape, message.File, message.Start, $"'{name}'");
        if (TensorFlowTypes.Of(type) is not ElementType element)
        {
            return new GraphConstant(name, layout, null);
        }

        ByteRegion region = content is { Length: > 0 } bytes
            ? new FileRegion(message.File, bytes.Position, bytes.Length)
            : Listed(message, element, varints, element == ElementType.Float64 ? doubles : floats);
        var stored = new StoredTensor(content is { Length: > 0 } ? region : Filled(region, element, count, name), element);
        WeightEntries.RequireExactBytes(name, layout.Shape, stored);
        return new GraphConstant(name, layout, stored);
    }

    private ByteRegion Listed(WireMessage message, ElementType element, WireField? varints, NumberRuns numbers)
    {
        if (element is ElementType.Float32 or ElementType.Float64 || varints is not WireField field)
        {
            return numbers.Region(message.File, message.Start);
        }

        long count = Varints(message, field);
        var region = new DecodedRegion(
            message.File, field.Position, count * element.Size(), "varint", () => new VarintStream(new FileWindowStream(message.File, field.Position, field.Length), element.Size()));
        owned.Add(region);
        return region;
    }

    /// <summary>How many numbers there are: each ends with a byte below 128.</summary>
    private static long Varints(WireMessage message, WireField field)
    {
        Span<byte> block = stackalloc byte[1024];
        long count = 0;
        for (long at = 0; at < field.Length; at += block.Length)
        {
            Span<byte> part = block[..(int)Math.Min(block.Length, field.Length - at)];
            message.File.Read(field.Position + at, part);
            foreach (byte value in part)
            {
                count += value < 0x80 ? 1 : 0;
            }
        }

        return count;
    }

    private static ByteRegion Filled(ByteRegion listed, ElementType element, long count, string name)
    {
        long given = listed.Length / element.Size();
        return given == count ? listed
            : count <= Math.Max(given, MostFilled) ? new FilledRegion(listed, element.Size(), count)
            : throw listed.File.Error(listed.FilePosition, $"'{name}' has {count:N0} values, of which {given:N0} are listed; at most {MostFilled:N0} are filled in");
    }

    /// <summary>TensorShapeProto: dim (2), each with a size (1); unknown_rank (3) has no place in a constant.</summary>
    private static void AddShape(WireMessage message, List<long> shape)
    {
        while (message.Read(out WireField field))
        {
            if (field.Is(2, WireType.Bytes) && shape.Count <= Shapes.MaximumRank)
            {
                long size = 0;
                WireMessage dimension = message.Message(field);
                while (dimension.Read(out WireField part))
                {
                    size = part.Is(1, WireType.Varint) ? (long)part.Value : size;
                }

                shape.Add(size);
            }
        }
    }
}
