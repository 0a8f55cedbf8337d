namespace AlexNetTF;

/// <summary>Element type and concrete sizes of a kernel's input or output.</summary>
public sealed class TensorInfo
{
    internal TensorInfo(DType type, int[] dims)
    {
        Type = type;
        Dims = dims;
        Count = Shape.CountOf(dims);
    }

    /// <summary>The element type.</summary>
    public DType Type { get; }

    /// <summary>The sizes.</summary>
    public IReadOnlyList<int> Dimensions => Dims;

    /// <summary>The number of dimensions.</summary>
    public int Rank => Dims.Length;

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>Bytes of all elements.</summary>
    public long Bytes => Count * Type.Size();

    internal int[] Dims { get; }

    /// <summary>Element type and sizes.</summary>
    public override string ToString() => $"{Type.Name()} [{string.Join(",", Dims)}]";
}

/// <summary>What a kernel is made for: types, sizes, and the values of inputs that are constants.</summary>
public sealed class KernelSpec
{
    private readonly TensorInfo[] inputs;
    private readonly TensorInfo[] outputs;
    private readonly Func<int, TensorData?> constants;

    internal KernelSpec(string node, string type, TensorInfo[] inputs, TensorInfo[] outputs, Func<int, TensorData?> constants, KernelOptions options)
    {
        Node = node;
        OpType = type;
        this.inputs = inputs;
        this.outputs = outputs;
        this.constants = constants;
        Options = options;
    }

    /// <summary>The node's name.</summary>
    public string Node { get; }

    /// <summary>The op's type.</summary>
    public string OpType { get; }

    /// <summary>The number of inputs.</summary>
    public int InputCount => inputs.Length;

    /// <summary>The number of outputs.</summary>
    public int OutputCount => outputs.Length;

    internal KernelOptions Options { get; }

    /// <summary>Type and sizes of an input.</summary>
    public TensorInfo Input(int index) => inputs[index];

    /// <summary>Type and sizes of an output.</summary>
    public TensorInfo Output(int index) => outputs[index];

    /// <summary>
    /// The values of an integer input that decides what the kernel does (an axis, sizes). If it is no constant, the
    /// session computes it first and makes a program for its value.
    /// </summary>
    public long[] Integers(int input) => (constants(input) ?? throw new ValueNeededException(input)).ToInt64s();

    /// <summary>The single value of an integer input; see <see cref="Integers"/>.</summary>
    public int Integer(int input) => checked((int)Integers(input)[0]);

    /// <summary>An error of the op for these sizes: type, node and inputs are added to the problem.</summary>
    public RunException Error(string problem) => new(
        RunErrorCode.InvalidArgument,
        $"{OpType} '{Node}': {problem}. Inputs: {string.Join(", ", inputs.Select(input => input.ToString()))}.");

    internal TensorData? Constant(int input) => constants(input);
}

/// <summary>Choices of the session that kernels obey.</summary>
/// <param name="AllowWinograd">Whether convolutions may use Winograd's algorithm.</param>
/// <param name="Threads">How many threads a kernel may use, 0 for all cores: for the size of scratch memory.</param>
internal sealed record KernelOptions(bool AllowWinograd = true, int Threads = 1)
{
    public static KernelOptions Default { get; } = new();
}

/// <summary>A kernel or shape rule cannot go on without the value of an input.</summary>
internal sealed class ValueNeededException(int input) : Exception($"The value of input {input} is needed.")
{
    public int Input { get; } = input;
}
