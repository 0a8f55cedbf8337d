using System.Buffers.Binary;
using AlexNetTF.Testing;
using AlexNetTF.Weights;

namespace AlexNetTF.Tests.Weights;

/// <summary>The reading engine against an element-by-element twin.</summary>
public sealed class TensorReaderTests
{
    private static readonly ElementType[] Types = Enum.GetValues<ElementType>();

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Any_layout_of_any_type_is_read(int seed)
    {
        var random = new Random(seed);
        long[] shape = [.. Enumerable.Range(0, random.Next(5)).Select(_ => (long)random.Next(1, 9))];
        Check(RandomLayout(random, shape), Types[random.Next(Types.Length)], random.Next(2) == 0, random);
    }

    [TestCase(512, 700, 0)]
    [TestCase(700, 512, 16)]
    [TestCase(5, 60_000, 0)]
    [TestCase(60_000, 5, 0)]
    [TestCase(3, 99_000, 3)]
    public void Large_transposes_cross_the_blocks(int outputs, int inputs, int channels)
    {
        TensorLayout layout = TensorLayout.InOrder(outputs, inputs).DenseFromOutIn();
        Check(channels == 0 ? layout : layout.RowsFromChw(channels), ElementType.Float32, false, new Random(1));
        Check(layout, ElementType.BFloat16, false, new Random(2));
        Check(TensorLayout.InOrder(outputs, inputs), ElementType.Float16, true, new Random(3));
        Check(TensorLayout.InOrder(outputs, inputs), ElementType.Float32, false, new Random(4));
        Check(TensorLayout.InOrder(outputs, inputs), ElementType.Int8, false, new Random(5));
    }

    [Test]
    public void Filters_are_transposed_from_OIHW() =>
        Check(TensorLayout.InOrder(96, 48, 5, 5).FilterFromOihw(), ElementType.Float32, false, new Random(1));

    [TestCase(1 << 22)]
    [TestCase((1 << 22) + 1)]
    public void Steps_longer_than_a_buffer_are_read(int step) =>
        Check(TensorLayout.Strided([3, 2], [1, step], 5), ElementType.UInt8, false, new Random(1));

    [Test]
    public void Every_half_becomes_its_float()
    {
        byte[] stored = [.. Enumerable.Range(0, 1 << 16).SelectMany(i => BitConverter.GetBytes((ushort)i))];
        float[] values = new float[1 << 16];
        ElementConversion.Convert(stored, ElementType.Float16, false, values);
        for (int i = 0; i < values.Length; i++)
        {
            float expected = FromHalf((ushort)i);
            Assert.That(BitConverter.SingleToUInt32Bits(values[i]), Is.EqualTo(BitConverter.SingleToUInt32Bits(expected)), $"0x{i:x4}");
        }
    }

    [TestCase(4)]
    [TestCase(8)]
    public void The_first_non_finite_value_is_named(int size)
    {
        ElementType type = size == 4 ? ElementType.Float32 : ElementType.Float64;
        const int rows = 700, columns = 1_000;
        byte[] stored = new byte[rows * columns * type.Size()];
        Write(stored, type, (0 * columns) + 999, 3f);
        Write(stored, type, (699 * columns) + 3, float.NaN);
        Write(stored, type, (2 * columns) + 998, float.NegativeInfinity);
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x"], stored);
        using WeightBytes file = WeightBytes.Open(folder["x"]);
        TensorLayout layout = TensorLayout.InOrder(rows, columns).DenseFromOutIn();
        var entry = new WeightEntry("fc6", "weights", "ip", TensorLayout.InOrder(rows, columns), layout, new StoredTensor(new FileRegion(file, 0, stored.Length), type));
        float[] values = new float[rows * columns];

        FileFormatException error = Assert.Throws<FileFormatException>(() => TensorReader.Read(entry, layout, values, allowNonFinite: false))!;
        Assert.That(error.Message, Does.Contain("'fc6/weights'").And.Contain("NaN").And.Contain("[3, 699]").And.Contain("allowNonFinite"));
        Assert.DoesNotThrow(() => TensorReader.Read(entry, layout, values, allowNonFinite: true));
        Assert.That(values[(998 * rows) + 2], Is.EqualTo(float.NegativeInfinity));
        Assert.That(TensorReader.Statistics(entry).NonFinite, Is.EqualTo(2));
    }

    [Test]
    public void Values_between_those_of_a_view_do_not_count()
    {
        byte[] stored = new byte[6 * sizeof(float)];
        Write(stored, ElementType.Float32, 1, float.NaN);
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x"], stored);
        using WeightBytes file = WeightBytes.Open(folder["x"]);
        TensorLayout everySecond = TensorLayout.Strided([3], [2], 0);
        var entry = new WeightEntry("", "view", "view", everySecond, everySecond, new StoredTensor(new FileRegion(file, 0, stored.Length), ElementType.Float32));
        Assert.DoesNotThrow(() => TensorReader.Read(entry, everySecond, new float[3], allowNonFinite: false));
        Assert.That(TensorReader.Statistics(entry).NonFinite, Is.Zero);
    }

    [Test]
    public void A_file_cut_short_under_the_reader_is_an_error()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x"], new byte[4_000]);
        using WeightBytes file = WeightBytes.Open(folder["x"]);
        TensorLayout layout = TensorLayout.InOrder(2_000_000);
        var entry = new WeightEntry("", "a", "a", layout, layout, new StoredTensor(new FileRegion(file, 0, 8_000_000), ElementType.Float32));
        Assert.That(
            Assert.Throws<FileFormatException>(() => TensorReader.Read(entry, layout, new float[2_000_000], false))!.Message,
            Does.Contain("at byte 4,000").And.Contain(folder["x"]));
    }

    private static TensorLayout RandomLayout(Random random, long[] shape)
    {
        TensorLayout layout = random.Next(3) switch
        {
            0 => TensorLayout.InOrder(shape),
            1 => TensorLayout.Fortran(shape),
            _ => Sliced(random, shape),
        };
        int[] axes = [.. Enumerable.Range(0, shape.Length)];
        random.Shuffle(axes);
        layout = layout.Transpose(axes);
        return layout.Shape.Length == 2 && random.Next(2) == 0 ? layout.RowsFromChw(Divisor(layout.Shape[0])) : layout;
    }

    private static TensorLayout Sliced(Random random, long[] shape)
    {
        long[] strides = new long[shape.Length];
        long stride = random.Next(1, 4);
        for (int k = shape.Length - 1; k >= 0; k--)
        {
            strides[k] = stride;
            stride *= shape[k] + random.Next(3);
        }

        return TensorLayout.Strided(shape, strides, random.Next(4));
    }

    private static long Divisor(long number) => Enumerable.Range(2, 8).Select(d => (long)d).FirstOrDefault(d => number % d == 0, 1);

    private static void Check(TensorLayout layout, ElementType type, bool bigEndian, Random random)
    {
        long elements = layout.Start + 1 + layout.Extents.Zip(layout.Strides, (e, s) => (e - 1) * s).Sum();
        const int offset = 3;
        byte[] stored = new byte[offset + (elements * type.Size())];
        random.NextBytes(stored);
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x"], stored);
        using WeightBytes file = WeightBytes.Open(folder["x"]);
        var region = new FileRegion(file, offset, stored.Length - offset);
        var entry = new WeightEntry("", "x", "x", layout, layout, new StoredTensor(region, type, bigEndian));
        float[] values = new float[entry.Count];
        TensorReader.Read(entry, layout, values, allowNonFinite: true);

        float[] expected = Naive(layout, index => Decode(stored.AsSpan(offset + ((int)index * type.Size()), type.Size()), type, bigEndian));
        Assert.That(
            values.Select(BitConverter.SingleToUInt32Bits).SequenceEqual(expected.Select(BitConverter.SingleToUInt32Bits)),
            $"{type} {Shapes.Text(layout.Extents)} strides {Shapes.Text(layout.Strides)}");
        Assert.That(TensorReader.Statistics(entry).NonFinite, Is.EqualTo(expected.Count(value => !float.IsFinite(value))));
    }

    private static float[] Naive(TensorLayout layout, Func<long, float> element)
    {
        long count = layout.Extents.Aggregate(1L, (a, b) => a * b);
        float[] values = new float[count];
        for (long i = 0; i < count; i++)
        {
            long rest = i, source = layout.Start;
            for (int k = layout.Extents.Length - 1; k >= 0; k--)
            {
                source += rest % layout.Extents[k] * layout.Strides[k];
                rest /= layout.Extents[k];
            }

            values[i] = element(source);
        }

        return values;
    }

    private static float Decode(ReadOnlySpan<byte> bytes, ElementType type, bool bigEndian)
    {
        byte[] little = bytes.ToArray();
        if (bigEndian)
        {
            little.AsSpan().Reverse();
        }

        return type switch
        {
            ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(little),
            ElementType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(little),
            ElementType.Float16 => FromHalf(BinaryPrimitives.ReadUInt16LittleEndian(little)),
            ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(little) << 16),
            ElementType.Int8 => (sbyte)little[0],
            ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(little),
            ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(little),
            ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(little),
            ElementType.UInt8 => little[0],
            ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(little),
            ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(little),
            ElementType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(little),
            ElementType.Boolean => little[0] == 0 ? 0 : 1,
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    /// <summary>A NaN keeps its bits, as in NumPy; the conversion of the processor would set one.</summary>
    private static float FromHalf(ushort half) => (half & 0x7FFF) > 0x7C00
        ? BitConverter.UInt32BitsToSingle(((half & 0x8000u) << 16) | 0x7F800000 | ((half & 0x3FFu) << 13))
        : (float)BitConverter.UInt16BitsToHalf(half);

    private static void Write(byte[] stored, ElementType type, int index, float value)
    {
        Span<byte> at = stored.AsSpan(index * type.Size());
        if (type == ElementType.Float32)
        {
            BinaryPrimitives.WriteSingleLittleEndian(at, value);
        }
        else
        {
            BinaryPrimitives.WriteDoubleLittleEndian(at, value);
        }
    }
}
