using System.Text.Json;

namespace AlexNetTF.Testing;

/// <summary>
/// A tensor of the reference data: all values (stored, or named by a recipe), or a sample of every s-th element of
/// the flattened tensor with sums and extremes over all.
/// </summary>
public sealed partial class GoldenTensor
{
    private readonly Array _data;

    private GoldenTensor(string dtype, int[] shape, Array data, int stride, JsonElement source)
    {
        DType = dtype;
        Shape = shape;
        _data = data;
        Stride = stride;
        Sum = source.Find("sum")?.AsDouble();
        AbsSum = source.Find("abs_sum")?.AsDouble();
        Max = Extreme(source.Find("max"));
        Min = Extreme(source.Find("min"));
        Hash = source.Find("fnv1a64_of_bytes") is { } text ? Convert.ToUInt64(text.GetString(), 16) : null;
    }

    /// <summary>NumPy's name of the type: float32, float64, int32, int64, bool, uint8 …</summary>
    public string DType { get; }

    /// <summary>The shape; empty for a scalar.</summary>
    public int[] Shape { get; }

    /// <summary>The number of elements of the whole tensor.</summary>
    public long Count => Recipe.Count(Shape);

    /// <summary>The distance of the stored elements in the flattened tensor; 1 where all are stored.</summary>
    public int Stride { get; }

    /// <summary>Whether only every <see cref="Stride"/>-th element is known.</summary>
    public bool IsSampled => Stride != 1;

    /// <summary>The sum over all elements, in double, 12 digits; null where it is not stated.</summary>
    public double? Sum { get; }

    /// <summary>The sum of magnitudes over all elements; null where it is not stated.</summary>
    public double? AbsSum { get; }

    /// <summary>The largest element; null where it is not stated.</summary>
    public double? Max { get; }

    /// <summary>The smallest element; null where it is not stated.</summary>
    public double? Min { get; }

    /// <summary>FNV-1a of the whole tensor's little-endian bytes; null where it is not stated.</summary>
    public ulong? Hash { get; }

    /// <summary>The stored elements, as an array of the type that <see cref="DType"/> names.</summary>
    public Array Data => _data;

    /// <summary>Whether the type is a floating-point one.</summary>
    public bool IsFloat => DType is "float32" or "float64" or "float16" or "bfloat16";

    /// <summary>The largest finite magnitude that is known of the tensor.</summary>
    public double LargestMagnitude
    {
        get
        {
            double largest = Math.Max(FiniteMagnitude(Max ?? 0), FiniteMagnitude(Min ?? 0));
            for (int i = 0; i < _data.Length; i++)
                largest = Math.Max(largest, FiniteMagnitude(ToDouble(_data.GetValue(i)!)));
            return largest;
        }
    }

    /// <summary>All elements, of the type that <see cref="DType"/> names.</summary>
    /// <exception cref="InvalidOperationException">Only a sample is known, or the type is another.</exception>
    public T[] Values<T>()
    {
        if (IsSampled)
            throw new InvalidOperationException("Only a sample of this tensor is known.");
        return _data as T[] ?? throw new InvalidOperationException($"The tensor holds {DType}, not {typeof(T).Name}.");
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="source">{dtype, shape, data | fill | fill_int | sample with sample_stride or stride, sum …}.</param>
    /// <param name="dtype">The type where the source states none.</param>
    /// <param name="fillName">Changes the name of a recipe, for names with a place holder such as {batch}.</param>
    public static GoldenTensor Parse(JsonElement source, string dtype = "float32", Func<string, string>? fillName = null)
    {
        dtype = source.Text("dtype", dtype);
        int[] shape = source.Find("shape")?.AsInts() ?? [source.Get("data").GetArrayLength()];
        long count = Recipe.Count(shape);
        fillName ??= name => name;
        if (source.Find("fill") is { } fill)
            return new(dtype, shape, FromFloats(dtype, Recipe.Fill(fillName(fill[0].GetString()!), count, fill[1].AsDouble(), fill[2].AsDouble())), 1, source);
        if (source.Find("fill_int") is { } fillInt)
            return new(dtype, shape, FromInts(dtype, Recipe.FillInt(fillName(fillInt[0].GetString()!), count, checked((int)fillInt[1].AsLong()))), 1, source);
        if (source.Find("data") is { } data)
            return new(dtype, shape, Expect(ParseValues(dtype, data), count, "data"), 1, source);
        int stride = source.Has("sample_stride") ? source.Int("sample_stride") : source.Int("stride");
        return new(dtype, shape, Expect(ParseValues(dtype, source.Get("sample")), (count + stride - 1) / stride, "sample"), stride, source);
    }

    /// <summary>A tensor made by a test, to compare with.</summary>
    public static GoldenTensor Of<T>(ReadOnlySpan<T> values, params int[] shape)
        where T : unmanaged =>
        new(NameOf(typeof(T)), shape, Expect(values.ToArray(), Recipe.Count(shape), "values"), 1, default);

    /// <inheritdoc/>
    public override string ToString() => $"{DType} [{string.Join(", ", Shape)}]{(IsSampled ? $" sampled by {Stride}" : "")}";

    /// <summary>An extreme is an element: its text is rounded to the tensor's type.</summary>
    private double? Extreme(JsonElement? value) => DType == "float32" ? value?.AsFloat() : value?.AsDouble();

    private static Array Expect(Array values, long count, string what) => values.Length == count
        ? values
        : throw new InvalidDataException($"{what} has {values.Length} elements where the shape asks for {count}.");

    private static double FiniteMagnitude(double value) => double.IsFinite(value) ? Math.Abs(value) : 0;
}
