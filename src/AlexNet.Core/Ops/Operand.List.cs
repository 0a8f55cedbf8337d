using System.Runtime.CompilerServices;
using NumSharp;

namespace AlexNetTF;

/// <content>Lists: <c>[2, -1]</c>, <c>[[1, 0], [0, 3]]</c>, and with tensors in them <c>[batch, 9216]</c>.</content>
[CollectionBuilder(typeof(Operand), nameof(List))]
public readonly partial struct Operand
{
    /// <summary>
    /// A list of values of one shape, stacked along a new first dimension. Without a tensor in it, it becomes one Const;
    /// with one, TensorFlow's Pack of Consts and tensors.
    /// </summary>
    public static Operand List(ReadOnlySpan<Operand> items) => new(items.ToArray());

    /// <summary>A shape's sizes, −1 for unknown ones.</summary>
    /// <exception cref="GraphException">Not even the number of dimensions is known.</exception>
    public static implicit operator Operand(Shape shape) => new(shape.ToArrayOrMinusOne());

    /// <summary>The items of a list; the operand itself where it is none.</summary>
    public IEnumerator<Operand> GetEnumerator() => ((IEnumerable<Operand>)(value as Operand[] ?? [this])).GetEnumerator();

    /// <summary>The sizes that the operand lists, or null where it is a tensor, holds one, or is no list of integers.</summary>
    internal int[]? Sizes => value switch
    {
        int[] sizes => sizes,
        Operand[] items when Array.TrueForAll(items, item => item.value is long) => Array.ConvertAll(items, item => checked((int)(long)item.value!)),
        _ => null,
    };

    /// <summary>Whether the operand is a value with a fraction, so that it makes a float tensor by itself.</summary>
    internal bool IsFraction => value is double or float[];

    private static Tensor ListToTensor(Graph graph, Operand[] items, DType? like, string name)
    {
        if (FirstTensor(items) is not { } tensor)
        {
            DType type = like ?? (HasFraction(items) ? DType.Float32 : DType.Int32);
            return graph.Constant(new Operand(items).ToData(type), name);
        }

        using NameScope scope = graph.NameScope(name);
        var parts = new Tensor[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            string part = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            parts[i] = items[i].value is Operand[] inner && FirstTensor(inner) is null
                ? graph.Constant(items[i].ToData(tensor.DType), part)
                : items[i].ToTensor(graph, tensor.DType, part);
        }

        return graph.Add(new PackOp(0), parts, scope.Name);
    }

    private static Tensor? FirstTensor(Operand[] items)
    {
        foreach (Operand item in items)
        {
            Tensor? tensor = item.value is Operand[] inner ? FirstTensor(inner) : item.Tensor;
            if (tensor is not null) return tensor;
        }

        return null;
    }

    private static bool HasFraction(Operand[] items) =>
        Array.Exists(items, item => item.value is double or float[] || (item.value is Operand[] inner && HasFraction(inner)));

    private TensorData ToData(DType type) => value switch
    {
        double number => Scalar(number, type),
        long number => Scalar(number, type),
        int[] numbers => Stack(Array.ConvertAll(numbers, number => Scalar(number, type)), type),
        float[] numbers => Stack(Array.ConvertAll(numbers, number => Scalar((double)number, type)), type),
        NDArray array => TensorData.From(array),
        Operand[] items => Stack(Array.ConvertAll(items, item => item.ToData(type)), type),
        _ => throw new GraphException("An operand is missing in a list (a default Operand holds neither a tensor nor a value)."),
    };

    private static unsafe TensorData Stack(TensorData[] parts, DType type)
    {
        int[] inner = parts.Length == 0 ? [] : parts[0].Dims;
        var stacked = new TensorData(type, [parts.Length, .. inner]);
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Type != type || !parts[i].Dims.AsSpan().SequenceEqual(inner))
            {
                throw new GraphException($"The items of a list must have one type and shape; item 0 is {type.Name()} {Shape.Of(inner)}, item {i} is {parts[i].Type.Name()} {parts[i].Shape}.");
            }

            Buffer.MemoryCopy(parts[i].Memory.Pointer, stacked.Memory.Pointer + (i * parts[i].Bytes), parts[i].Bytes, parts[i].Bytes);
        }

        return stacked;
    }
}
