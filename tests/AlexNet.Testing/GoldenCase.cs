using System.Text.Json;

namespace AlexNetTF.Testing;

/// <summary>One case of <c>ops</c>, <c>random</c> or <c>training</c>.</summary>
public sealed class GoldenCase
{
    private GoldenCase(string path, JsonElement root)
    {
        Path = path;
        Root = root;
        Inputs = Tensors("inputs");
        Outputs = Tensors("outputs");
        GradOf = Tensors("grad_of");
        Gradients = NullableTensors("gradients");
        MaxAbsErrFp64 = Errors("max_abs_err_fp64");
        ExpectError = root.Find("expect_error") is { } error ? new(error.Text("when"), error.Text("type", "")) : null;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The whole file, for keys that only some groups have.</summary>
    public JsonElement Root { get; }

    /// <summary>The name of the case.</summary>
    public string Case => Root.Text("case", System.IO.Path.GetFileNameWithoutExtension(Path));

    /// <summary>The op or function under test, in TensorFlow's words.</summary>
    public string Op => Root.Text("op");

    /// <summary>Attributes by TensorFlow's names; see <see cref="AttrExtensions"/>.</summary>
    public JsonElement Attrs => Root.Find("attrs") ?? default;

    /// <summary>A remark; empty where there is none.</summary>
    public string Note => Root.Text("note", "");

    /// <summary>Input tensors in the file's order.</summary>
    public OrderedDictionary<string, GoldenTensor> Inputs { get; }

    /// <summary>Expected outputs in the file's order.</summary>
    public OrderedDictionary<string, GoldenTensor> Outputs { get; }

    /// <summary>The incoming gradient of each output that is differentiated.</summary>
    public OrderedDictionary<string, GoldenTensor> GradOf { get; }

    /// <summary>The expected gradient per input; null where no gradient exists.</summary>
    public OrderedDictionary<string, GoldenTensor?> Gradients { get; }

    /// <summary>The reference's own distance from a float64 evaluation, by output name or <c>grad:</c> + input name.</summary>
    public IReadOnlyDictionary<string, double> MaxAbsErrFp64 { get; }

    /// <summary>What must fail, instead of outputs; null where the case must succeed.</summary>
    public ExpectedError? ExpectError { get; }

    /// <summary>Reads a case file.</summary>
    public static GoldenCase Load(string path) => new(path, Golden.ReadJson(path));

    /// <summary>Reads a tensor from elsewhere in the file.</summary>
    /// <param name="keys">The way from the root.</param>
    public GoldenTensor Tensor(params string[] keys) =>
        GoldenTensor.Parse(keys.Aggregate(Root, (at, key) => at.Get(key)));

    /// <summary>The general rule for an output: exact unless it is a float, else 8 times the reference's error plus 1e-6 of the size.</summary>
    public Tolerance ToleranceOf(string output) => Rule(Outputs[output], output);

    /// <summary>The general rule for the gradient of an input.</summary>
    public Tolerance ToleranceOfGradient(string input) =>
        Rule(Gradients[input] ?? throw new InvalidOperationException($"{Case} has no gradient of {input}."), "grad:" + input);

    /// <inheritdoc/>
    public override string ToString() => Case;

    private Tolerance Rule(GoldenTensor expected, string key) => expected.IsFloat
        ? Tolerance.Float(expected, MaxAbsErrFp64.GetValueOrDefault(key))
        : Tolerance.Exact;

    private OrderedDictionary<string, GoldenTensor> Tensors(string key)
    {
        var tensors = new OrderedDictionary<string, GoldenTensor>();
        foreach ((string name, GoldenTensor? tensor) in NullableTensors(key))
            tensors[name] = tensor ?? throw new InvalidDataException($"{Path}: {key}/{name} is null.");
        return tensors;
    }

    private OrderedDictionary<string, GoldenTensor?> NullableTensors(string key)
    {
        var tensors = new OrderedDictionary<string, GoldenTensor?>();
        if (Root.Find(key) is { ValueKind: JsonValueKind.Object } all)
        {
            foreach (JsonProperty entry in all.EnumerateObject())
                tensors[entry.Name] = entry.Value.ValueKind == JsonValueKind.Null ? null : GoldenTensor.Parse(entry.Value);
        }

        return tensors;
    }

    private Dictionary<string, double> Errors(string key)
    {
        var errors = new Dictionary<string, double>();
        if (Root.Find(key) is { ValueKind: JsonValueKind.Object } all)
        {
            // In training the value of a key is a list per step or a table per tensor: those tests read Root themselves.
            foreach (JsonProperty entry in all.EnumerateObject().Where(e => e.Value.ValueKind is JsonValueKind.Number or JsonValueKind.String))
                errors[entry.Name] = entry.Value.AsDouble();
        }

        return errors;
    }
}

/// <summary>A failure that a case asks for.</summary>
/// <param name="When"><c>build</c> (shape inference) or <c>run</c>.</param>
/// <param name="Type">The class of TensorFlow's exception.</param>
public sealed record ExpectedError(string When, string Type);
