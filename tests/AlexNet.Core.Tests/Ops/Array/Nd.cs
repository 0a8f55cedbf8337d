using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>A small tensor of whole numbers that tests can take apart by index.</summary>
internal sealed class Nd(int[] dims, long[] values)
{
    public int[] Dims { get; } = dims;

    public long[] Values { get; } = values;

    public int Rank => Dims.Length;

    public long this[params int[] index] => Values[Flat(Dims, index)];

    /// <summary>Element by element, from its index.</summary>
    public static Nd Make(int[] dims, Func<int[], long> element)
    {
        var values = new long[dims.Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++) values[i] = element(Index(dims, i));
        return new(dims, values);
    }

    public static Nd Scalar(long value) => new([], [value]);

    public static Nd Vector(params IEnumerable<int> values) => new([values.Count()], [.. values.Select(value => (long)value)]);

    /// <summary>Numbers that every element type holds; truth values are their parity.</summary>
    public static Nd Random(Random random, params int[] dims) => Make(dims, _ => random.Next(120));

    public static Nd From(NDArray array)
    {
        int[] dims = Array.ConvertAll(array.shape, size => (int)size);
        return array.typecode switch
        {
            NPTypeCode.Single => new(dims, Array.ConvertAll(array.ToArray<float>(), value => (long)value)),
            NPTypeCode.Double => new(dims, Array.ConvertAll(array.ToArray<double>(), value => (long)value)),
            NPTypeCode.Int32 => new(dims, Array.ConvertAll(array.ToArray<int>(), value => (long)value)),
            NPTypeCode.Int64 => new(dims, array.ToArray<long>()),
            NPTypeCode.Int16 => new(dims, Array.ConvertAll(array.ToArray<short>(), value => (long)value)),
            NPTypeCode.SByte => new(dims, Array.ConvertAll(array.ToArray<sbyte>(), value => (long)value)),
            NPTypeCode.Byte => new(dims, Array.ConvertAll(array.ToArray<byte>(), value => (long)value)),
            _ => new(dims, Array.ConvertAll(array.ToArray<bool>(), value => value ? 1L : 0L)),
        };
    }

    public Nd Map(Func<long, long> function) => new(Dims, Array.ConvertAll(Values, value => function(value)));

    public NDArray ToArray(DType type) => type switch
    {
        DType.Float32 => Of(value => (float)value),
        DType.Float64 => Of(value => (double)value),
        DType.Int32 => Of(value => (int)value),
        DType.Int64 => Of(value => value),
        DType.Int16 => Of(value => (short)value),
        DType.Int8 => Of(value => (sbyte)value),
        DType.UInt8 => Of(value => (byte)value),
        _ => Of(value => value % 2 != 0),
    };

    public override string ToString() => $"[{string.Join(",", Dims)}] {{{string.Join(",", Values)}}}";

    private static int Flat(int[] dims, int[] index)
    {
        int flat = 0;
        for (int d = 0; d < dims.Length; d++) flat = (flat * dims[d]) + index[d];
        return flat;
    }

    private static int[] Index(int[] dims, int flat)
    {
        var index = new int[dims.Length];
        for (int d = dims.Length - 1; d >= 0; d--)
        {
            index[d] = flat % dims[d];
            flat /= dims[d];
        }

        return index;
    }

    private NDArray Of<T>(Converter<long, T> convert)
        where T : unmanaged => TensorData.Of<T>(Array.ConvertAll(Values, convert), Dims).ToNDArray();
}
