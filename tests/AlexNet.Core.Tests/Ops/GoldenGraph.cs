using System.Text.Json;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>The graph of one golden case: inputs by name, outputs to be named by the builder.</summary>
public sealed class GoldenGraph(GoldenCase golden, Known known)
{
    private readonly Dictionary<string, Tensor> inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> outputGradients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> outputs = new(StringComparer.Ordinal);
    private readonly List<Operation> first = [];
    private readonly Feeds feeds = [];

    /// <summary>The case.</summary>
    public GoldenCase Case { get; } = golden;

    /// <summary>What the placeholders know of their shapes.</summary>
    public Known Known { get; } = known;

    /// <summary>The case's attributes.</summary>
    public JsonElement Attrs => Case.Attrs;

    /// <summary>The graph.</summary>
    public Graph Graph { get; } = new();

    /// <summary>The outputs that the builder has named.</summary>
    public IReadOnlyDictionary<string, Tensor> Outputs => outputs;

    /// <summary>An input as a placeholder that the run feeds.</summary>
    public Tensor this[string name]
    {
        get
        {
            if (!inputs.TryGetValue(name, out Tensor? tensor)) inputs.Add(name, tensor = Feed(Case.Inputs[name], name));
            return tensor;
        }
    }

    /// <summary>Whether the case has this input.</summary>
    public bool Has(string name) => Case.Inputs.ContainsKey(name);

    /// <summary>Names an output.</summary>
    public void Output(string name, Tensor tensor) => outputs.Add(name, tensor);

    /// <summary>Makes an output whose name the case may or may not ask for: built only where it does.</summary>
    public void Output(string name, Func<Tensor> build)
    {
        if (Case.Outputs.ContainsKey(name)) outputs.Add(name, build());
    }

    /// <summary>A variable that holds an input's values before the first run.</summary>
    public Tensor Variable(string name)
    {
        GoldenTensor values = Case.Inputs[name];
        Tensor variable = Graph.VariableV2(TypeOf(values), Shape.Of(values.Shape), name);
        first.Add(StateOps.Assign(variable, ToArray(values)).Op);
        return variable;
    }

    /// <summary>An operation to be run once, after the variables have their values and before the outputs are fetched.</summary>
    public void Step(Operation operation) => first.Add(operation);

    /// <summary>The gradients of all inputs that the case lists, for the output gradients that it gives.</summary>
    public Dictionary<string, Tensor?> Gradients()
    {
        if (Case.GradOf.Count == 0) return [];
        foreach ((string output, GoldenTensor value) in Case.GradOf) outputGradients.Add(output, Feed(value, "grad_of_" + output));
        string[] names = [.. Case.Gradients.Keys];
        Tensor?[] gradients = AlexNetTF.Gradients.Compute(
            [.. outputGradients.Keys.Select(name => outputs[name])],
            [.. names.Select(name => this[name])],
            [.. outputGradients.Values]);
        return names.Zip(gradients).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>Runs the first steps, each in a run of its own, then fetches.</summary>
    public NDArray[] Run(Tensor[] fetches)
    {
        using var session = new Session(Graph);
        foreach (Operation step in first) session.Run(step, feeds);
        return session.Run(fetches, feeds);
    }

    /// <summary>The tensor's values as an array.</summary>
    public static NDArray ToArray(GoldenTensor tensor) => tensor.Data switch
    {
        float[] values => Of<float>(values, tensor),
        double[] values => Of<double>(values, tensor),
        int[] values => Of<int>(values, tensor),
        long[] values => Of<long>(values, tensor),
        bool[] values => Of<bool>(values, tensor),
        byte[] values => Of<byte>(values, tensor),
        short[] values => Of<short>(values, tensor),
        sbyte[] values => Of<sbyte>(values, tensor),
        _ => throw new InvalidDataException($"The tests make no array of {tensor.DType}."),
    };

    private static NDArray Of<T>(T[] values, GoldenTensor tensor)
        where T : unmanaged => TensorData.Of<T>(values, tensor.Shape).ToNDArray();

    private static DType TypeOf(GoldenTensor tensor) => NDArrays.TypeOf(ToArray(tensor));

    private Tensor Feed(GoldenTensor tensor, string name)
    {
        NDArray values = ToArray(tensor);
        Shape shape = Known switch
        {
            Known.Sizes => Shape.Of(tensor.Shape),
            Known.Rank => Shape.OfRank(tensor.Shape.Length),
            _ => Shape.Unknown,
        };
        Tensor placeholder = Graph.Placeholder(NDArrays.TypeOf(values), shape, name);
        feeds[placeholder] = values;
        return placeholder;
    }
}
