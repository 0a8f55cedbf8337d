using System.Runtime.InteropServices;
using NumSharp;

namespace AlexNetTF;

/// <summary>A tensor's values in memory: what a constant holds, and what folding computes. Row-major; not changed once built.</summary>
internal sealed unsafe class TensorData
{
    public TensorData(DType type, ReadOnlySpan<int> dims)
    {
        Type = type;
        Dims = dims.ToArray();
        Count = AlexNetTF.Shape.CountOf(dims);
        Strings = type == DType.String ? new byte[Count][] : [];
        Array.Fill(Strings, []);
        Memory = new AlignedMemory(type == DType.String ? 0 : Count * type.Size());
    }

    public DType Type { get; }

    public int[] Dims { get; }

    public long Count { get; }

    /// <summary>The numbers; empty for strings.</summary>
    public AlignedMemory Memory { get; }

    /// <summary>The strings; empty for numbers.</summary>
    public byte[][] Strings { get; }

    public long Bytes => Count * Type.Size();

    public Shape Shape => AlexNetTF.Shape.Of(Dims);

    public static TensorData Scalar<T>(T value)
        where T : unmanaged
    {
        var data = new TensorData(DTypes.Of<T>(), []);
        data.AsSpan<T>()[0] = value;
        return data;
    }

    /// <summary>Strings, of which there are as many as the sizes say.</summary>
    public static TensorData OfStrings(ReadOnlySpan<byte[]> strings, ReadOnlySpan<int> dims)
    {
        var data = new TensorData(DType.String, dims);
        strings.CopyTo(data.Strings);
        return data;
    }

    public static TensorData OfText(string text) => OfStrings([System.Text.Encoding.UTF8.GetBytes(text)], []);

    public static TensorData OfText(IReadOnlyList<string> texts) => OfStrings([.. texts.Select(System.Text.Encoding.UTF8.GetBytes)], [texts.Count]);

    /// <summary>A number in an element type of its own.</summary>
    public static TensorData ScalarOf(double value, DType type) => type switch
    {
        DType.Float32 => Scalar((float)value),
        DType.Float64 => Scalar(value),
        DType.Int32 => Scalar(checked((int)value)),
        DType.Int64 => Scalar(checked((long)value)),
        DType.Int16 => Scalar(checked((short)value)),
        DType.Int8 => Scalar(checked((sbyte)value)),
        DType.UInt8 => Scalar(checked((byte)value)),
        _ => Scalar(value != 0),
    };

    public static TensorData Vector<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Of(values, [values.Length]);

    public static TensorData Of<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> dims)
        where T : unmanaged
    {
        var data = new TensorData(DTypes.Of<T>(), dims);
        values.CopyTo(data.AsSpan<T>());
        return data;
    }

    public static TensorData From(NDArray array)
    {
        var data = new TensorData(NDArrays.TypeOf(array), NDArrays.DimsOf(array));
        NDArrays.CopyTo(array, data.Memory.Pointer);
        return data;
    }

    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (DTypes.Of<T>() != Type) throw new InvalidOperationException($"The tensor holds {Type.Name()}, not {typeof(T).Name}.");
        return new Span<T>(Memory.Pointer, checked((int)Count));
    }

    public NDArray ToNDArray() => NDArrays.Copy(Type, Dims, Memory.Pointer);

    /// <summary>The values of an integer tensor.</summary>
    public long[] ToInt64s()
    {
        switch (Type)
        {
            case DType.Int64: return AsSpan<long>().ToArray();
            case DType.Int32: return Array.ConvertAll(AsSpan<int>().ToArray(), value => (long)value);
            case DType.Int16: return Array.ConvertAll(AsSpan<short>().ToArray(), value => (long)value);
            case DType.Int8: return Array.ConvertAll(AsSpan<sbyte>().ToArray(), value => (long)value);
            case DType.UInt8: return Array.ConvertAll(AsSpan<byte>().ToArray(), value => (long)value);
            default: throw new InvalidOperationException($"The tensor holds {Type.Name()}, not integers.");
        }
    }

    public bool SameAs(TensorData other) => Type == other.Type && Dims.AsSpan().SequenceEqual(other.Dims)
        && (Type == DType.String ? SameStrings(other) : SameBytes(other));

    private bool SameStrings(TensorData other) => Strings.AsSpan().SequenceEqual(other.Strings, EqualityComparer<byte[]>.Create((a, b) => a.AsSpan().SequenceEqual(b)));

    private bool SameBytes(TensorData other) =>
        new ReadOnlySpan<byte>(Memory.Pointer, checked((int)Bytes)).SequenceEqual(new ReadOnlySpan<byte>(other.Memory.Pointer, checked((int)Bytes)));
}

/// <summary>The bridge to NumSharp, which is a container here: no arithmetic of its is used.</summary>
internal static unsafe class NDArrays
{
    public static DType TypeOf(NDArray array) => array.typecode switch
    {
        NPTypeCode.Single => DType.Float32,
        NPTypeCode.Double => DType.Float64,
        NPTypeCode.Int32 => DType.Int32,
        NPTypeCode.Int64 => DType.Int64,
        NPTypeCode.Byte => DType.UInt8,
        NPTypeCode.Int16 => DType.Int16,
        NPTypeCode.SByte => DType.Int8,
        NPTypeCode.Boolean => DType.Bool,
        _ => throw new GraphException($"An NDArray of {array.typecode} is no tensor; convert it to float, double, int, long, short, byte, sbyte or bool."),
    };

    public static int[] DimsOf(NDArray array) => Array.ConvertAll(array.shape, size => checked((int)size));

    public static bool HasDims(NDArray array, int[] dims)
    {
        if (array.ndim != dims.Length) return false;
        for (int i = 0; i < dims.Length; i++)
        {
            if (array.Shape[i] != dims[i]) return false;
        }

        return true;
    }

    public static NPTypeCode CodeOf(DType type) => type switch
    {
        DType.Float32 => NPTypeCode.Single,
        DType.Float64 => NPTypeCode.Double,
        DType.Int32 => NPTypeCode.Int32,
        DType.Int64 => NPTypeCode.Int64,
        DType.UInt8 => NPTypeCode.Byte,
        DType.Int16 => NPTypeCode.Int16,
        DType.Int8 => NPTypeCode.SByte,
        DType.Bool => NPTypeCode.Boolean,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such element type."),
    };

    /// <summary>A new array of these values.</summary>
    public static NDArray Copy(DType type, ReadOnlySpan<int> dims, void* values)
    {
        NDArray array = Allocate(type, dims);
        long bytes = AlexNetTF.Shape.CountOf(dims) * type.Size();
        Buffer.MemoryCopy(values, AddressOf(array), bytes, bytes);
        return array;
    }

    /// <summary>A new array whose values are not set yet.</summary>
    public static NDArray Allocate(DType type, ReadOnlySpan<int> dims)
    {
        var sizes = new long[dims.Length];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = dims[i];
        var array = new NDArray(CodeOf(type), dims.Length == 0 ? NumSharp.Shape.Scalar : new NumSharp.Shape(sizes), false);
        HugePages.Advise(AddressOf(array), AlexNetTF.Shape.CountOf(dims) * type.Size());
        return array;
    }

    /// <summary>Whether the values lie one after the other in row-major order.</summary>
    public static bool IsPlain(NDArray array) => array.Shape is { IsContiguous: true, IsSliced: false, IsBroadcasted: false };

    /// <summary>The first value of a plain array.</summary>
    public static void* AddressOf(NDArray array) => array.Unsafe.Address;

    /// <summary>Copies the values in row-major order.</summary>
    public static void CopyTo(NDArray array, void* destination)
    {
        NDArray plain = IsPlain(array) ? array : array.copy();
        long bytes = plain.size * plain.dtypesize;
        Buffer.MemoryCopy(AddressOf(plain), destination, bytes, bytes);
        GC.KeepAlive(plain);
        GC.KeepAlive(array);
    }
}
