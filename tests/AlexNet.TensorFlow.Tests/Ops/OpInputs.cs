using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>A graph for one op in one element type, with inputs whose values follow from their place among the inputs.</summary>
internal sealed class OpInputs(DType type)
{
    private readonly List<Tensor> differentiable = [];

    public Graph Graph { get; } = new();

    /// <summary>The element type under test.</summary>
    public DType Type { get; } = type;

    public Feeds Feeds { get; } = [];

    /// <summary>The inputs that gradients are taken for.</summary>
    public IReadOnlyList<Tensor> Differentiable => differentiable;

    /// <summary>What runs before the fetches, each in a run of its own.</summary>
    public List<Operation> First { get; } = [];

    /// <summary>An input of the type under test: −4 … 4, for unsigned types 0 … 8.</summary>
    public Tensor Of(params int[] dims) => Type == DType.UInt8 ? In(0, 9, dims) : In(-4, 4, dims);

    /// <summary>An input of the type under test with values from a range, its upper end excluded.</summary>
    public Tensor In(double low, double high, params int[] dims)
    {
        Tensor input = Feed(Type, dims, u => low + ((high - low) * u));
        if (Type.IsFloating()) differentiable.Add(input);
        return input;
    }

    /// <summary>As <see cref="In"/>, whole numbers only, so that values tie.</summary>
    public Tensor Whole(double low, double high, params int[] dims)
    {
        Tensor input = Feed(Type, dims, u => Math.Floor(low + ((high - low) * u)));
        if (Type.IsFloating()) differentiable.Add(input);
        return input;
    }

    /// <summary>An input of these values, converted to the type under test.</summary>
    public Tensor Values(double[] values)
    {
        int next = 0;
        Tensor input = Feed(Type, [values.Length], _ => values[next++]);
        if (Type.IsFloating()) differentiable.Add(input);
        return input;
    }

    /// <summary>Truth values.</summary>
    public Tensor Bools(params int[] dims) => Feed(DType.Bool, dims, u => u < 0.5 ? 0 : 1);

    /// <summary>Integers from a range, its upper end excluded.</summary>
    public Tensor Ints(int low, int high, params int[] dims) => Feed(DType.Int32, dims, u => Math.Floor(low + ((high - low) * u)));

    /// <summary>As <see cref="Ints(int, int, int[])"/>, 64 bits wide.</summary>
    public Tensor Longs(int low, int high, params int[] dims) => Feed(DType.Int64, dims, u => Math.Floor(low + ((high - low) * u)));

    /// <summary>A variable of the type under test that holds values from a range.</summary>
    public Tensor Variable(double low, double high, params int[] dims)
    {
        Tensor variable = Graph.VariableV2(Type, Shape.Of(dims), $"v{Graph.Operations.Count}");
        Tensor value = Feed(Type, dims, u => low + ((high - low) * u));
        First.Add(StateOps.Assign(variable, value).Op);
        return variable;
    }

    /// <summary>A number of the type under test.</summary>
    public Tensor Number(double value) => Graph.Constant(TensorData.ScalarOf(value, Type));

    /// <summary>The incoming gradient of an output.</summary>
    public Tensor IncomingGradient(Tensor output, int[] dims) => Feed(output.DType, dims, u => (2 * u) - 1);

    private Tensor Feed(DType type, int[] dims, Func<double, double> value)
    {
        var data = new TensorData(type, dims);
        ulong state = Recipe.Fnv1a64(System.Text.Encoding.UTF8.GetBytes($"input {Feeds.Count}"));
        for (int i = 0; i < data.Count; i++)
        {
            // Float32 values in float64 graphs too, so that both see the same numbers.
            state = (state * 6364136223846793005) + 1442695040888963407;
            double number = (float)value((state >> 40) * (1.0 / (1 << 24)));
            Set(data, i, number);
        }

        Tensor placeholder = Graph.Placeholder(type, Shape.Of(dims), $"input{Feeds.Count}");
        Feeds[placeholder] = data.ToNDArray();
        return placeholder;
    }

    private static void Set(TensorData data, int i, double number)
    {
        switch (data.Type)
        {
            case DType.Float32: data.AsSpan<float>()[i] = (float)number; break;
            case DType.Float64: data.AsSpan<double>()[i] = number; break;
            case DType.Int32: data.AsSpan<int>()[i] = (int)number; break;
            case DType.Int64: data.AsSpan<long>()[i] = (long)number; break;
            case DType.Int16: data.AsSpan<short>()[i] = (short)number; break;
            case DType.Int8: data.AsSpan<sbyte>()[i] = (sbyte)number; break;
            case DType.UInt8: data.AsSpan<byte>()[i] = (byte)number; break;
            default: data.AsSpan<bool>()[i] = number != 0; break;
        }
    }
}
