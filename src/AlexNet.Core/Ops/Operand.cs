using NumSharp;

namespace AlexNetTF;

/// <summary>What a builder takes where TensorFlow takes a tensor or a value: a tensor, a number or an array, which becomes a Const.</summary>
public readonly partial struct Operand
{
    private readonly object? value;

    private Operand(object value) => this.value = value;

    /// <summary>The tensor, or null where the operand is a value.</summary>
    public Tensor? Tensor => value as Tensor;

    /// <summary>The number, or null where the operand is a tensor or an array.</summary>
    public double? Number => value switch { double number => number, long number => number, _ => null };

    /// <summary>The array's shape, or null where the operand is a tensor or a number.</summary>
    public Shape? ArrayShape => value switch
    {
        NDArray array => Shape.Of(NDArrays.DimsOf(array)),
        Array array => new Shape(array.Length),
        _ => null,
    };

    /// <summary>A tensor as it is.</summary>
    public static implicit operator Operand(Tensor tensor) => new(tensor);

    /// <summary>A number, taken in the other operand's element type.</summary>
    public static implicit operator Operand(float number) => new((double)number);

    /// <summary>A number, taken in the other operand's element type.</summary>
    public static implicit operator Operand(double number) => new(number);

    /// <summary>A number, taken in the other operand's element type.</summary>
    public static implicit operator Operand(int number) => new((long)number);

    /// <summary>A number, taken in the other operand's element type.</summary>
    public static implicit operator Operand(long number) => new(number);

    /// <summary>An array, in its own element type.</summary>
    public static implicit operator Operand(NDArray array) => new(array);

    /// <summary>An array of sizes or indices.</summary>
    public static implicit operator Operand(int[] array) => new(array);

    /// <summary>An array of numbers, in its own element type.</summary>
    public static implicit operator Operand(float[] array) => new(array);

    /// <summary>A string, as UTF-8.</summary>
    public static implicit operator Operand(string text) => new(text);

    /// <summary>A tensor as it is.</summary>
    public static Operand Of(Tensor tensor) => new(tensor);

    /// <summary>The tensor; a value becomes a Const of this name in the current scope.</summary>
    /// <param name="graph">Where the Const goes.</param>
    /// <param name="like">The element type that a plain number takes; null for its own (int32, float32).</param>
    /// <param name="name">The Const's name.</param>
    public Tensor ToTensor(Graph graph, DType? like, string name) => value switch
    {
        Tensor tensor => tensor,
        double number => graph.Constant(Scalar(number, like ?? DType.Float32), name),
        long number => graph.Constant(Scalar(number, like ?? DType.Int32), name),
        string text => graph.Constant(TensorData.OfText(text), name),
        int[] when like is DType.Int64 => graph.Constant(ToData(DType.Int64), name),
        int[] array => graph.Constant(TensorData.Vector<int>(array), name),
        float[] array => graph.Constant(TensorData.Vector<float>(array), name),
        NDArray array => graph.Constant(TensorData.From(array), name),
        Operand[] items => ListToTensor(graph, items, like, name),
        _ => throw new GraphException("An operand is missing (a default Operand holds neither a tensor nor a value)."),
    };

    private static TensorData Scalar(double number, DType type) => type switch
    {
        DType.Float32 => TensorData.Scalar((float)number),
        DType.Float64 => TensorData.Scalar(number),
        _ => throw new GraphException($"{number} cannot become a tensor of {type.Name()}: convert the other operand with MathOps.Cast, or write an integer."),
    };

    private static TensorData Scalar(long number, DType type) => type switch
    {
        DType.Float32 => TensorData.Scalar((float)number),
        DType.Float64 => TensorData.Scalar((double)number),
        DType.Int32 => TensorData.Scalar(checked((int)number)),
        DType.Int64 => TensorData.Scalar(number),
        DType.UInt8 => TensorData.Scalar(checked((byte)number)),
        DType.Int16 => TensorData.Scalar(checked((short)number)),
        DType.Int8 => TensorData.Scalar(checked((sbyte)number)),
        _ => throw new GraphException($"{number} cannot become a tensor of {type.Name()}."),
    };
}
