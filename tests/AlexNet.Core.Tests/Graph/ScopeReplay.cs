using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Graphs;

/// <summary>Carries out the steps of a golden scopes case on a fresh graph, one by one.</summary>
internal sealed class ScopeReplay
{
    private readonly Stack<IDisposable> open = new();
    private readonly Dictionary<string, NameScope> nameScopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VariableScope> variableScopes = new(StringComparer.Ordinal);
    private readonly HashSet<Variable> made = [];
    private Tensor? input;

    public Graph Graph { get; } = new();

    /// <summary>Variables of element types that this library does not have: their steps are left out.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>What the step returns, as the golden file writes it; null for a step that cannot be carried out here.</summary>
    public string? Do(JsonElement step) => step.Text("do") switch
    {
        "name_scope" => EnterName(step, step.Find("name")?.GetString() ?? step.Find("default_name")?.GetString()),
        "name_scope_again" => EnterName(step, nameScopes[step.Text("of")].Name),
        "variable_scope" => Enter(step, Graph.VariableScope(step.Find("name")?.GetString(), ReuseOf(step), step.Find("default_name")?.GetString())),
        "variable_scope_again" => Enter(step, Graph.VariableScope(variableScopes[step.Text("of")], ReuseOf(step), step.Bool("auxiliary_name_scope", true))),
        "reuse_variables" => Quietly(() => Graph.CurrentVariableScope().ReuseVariables()),
        "end" => Quietly(() => open.Pop().Dispose()),
        "constant" => Json(new { op = Graph.Constant(TensorData.Scalar(1f), step.Find("name")?.GetString()).Op.Name }),
        "op" => Json(new { op = ScopeOps.Make(step.Text("kind"), Input(), step.Find("name")?.GetString()).Name }),
        "get_variable" => GetVariable(step),
        "variable" => Json(new { variable = Graph.Variable(1f, step.Find("name")?.GetString()).Name }),
        "unique_name" => Json(new { name = Graph.UniqueName(step.Text("name"), step.Bool("mark_as_used", true)) }),
        "collection" => Json(new { names = Graph.GetCollection(step.Text("key"), step.Find("scope")?.GetString()).Select(item => ((Variable)item).Name) }),
        "current" => Json(new { name_scope = Graph.CurrentNameScope is { Length: > 0 } name ? name : null, variable_scope = Graph.CurrentVariableScope().Name }),
        string other => Unknown(other),
    };

    private static string? Unknown(string step)
    {
        Assert.Fail($"No step {step} is known here.");
        return null;
    }

    private static string Json(object value) => JsonSerializer.Serialize(value);

    private static string Quietly(Action action)
    {
        action();
        return "{}";
    }

    private static Reuse ReuseOf(JsonElement step) => step.Text("reuse", "none") switch
    {
        "true" => Reuse.Existing,
        "auto" => Reuse.Auto,
        "bad" => (Reuse)7,
        _ => Reuse.Inherit,
    };

    private static DType? TypeOf(string? name) => name switch
    {
        null => null,
        _ => Enum.GetValues<DType>().Where(type => type.Name() == name).Select(type => (DType?)type).FirstOrDefault(),
    };

    private static Shape? ShapeOf(JsonElement? shape) => shape switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => new Shape([.. list.EnumerateArray().Select(size => size.ValueKind == JsonValueKind.Null ? (int?)null : (int)size.AsLong())]),
        { } single => new Shape((int)single.AsLong()),
    };

    // The operations' common input is made at the root, wherever the first of them stands.
    private Tensor Input()
    {
        using NameScope root = Graph.NameScope(null);
        return input ??= Graph.Constant(TensorData.Of<float>([1], [1, 1]), "zz_input");
    }

    private string EnterName(JsonElement step, string? name)
    {
        NameScope scope = Graph.NameScope(name);
        open.Push(scope);
        if (step.Has("label")) nameScopes[step.Text("label")] = scope;
        return Json(new { yields = scope.Name });
    }

    private string Enter(JsonElement step, VariableScope scope)
    {
        open.Push(scope);
        if (step.Has("label")) variableScopes[step.Text("label")] = scope;
        object reuse = scope.Reuse switch { Reuse.Existing => true, Reuse.Auto => "auto", _ => false };
        return Json(new { name = scope.Name, original_name_scope = scope.OriginalNameScope, reuse });
    }

    private string? GetVariable(JsonElement step)
    {
        string name = step.Text("name");
        DType? type = TypeOf(step.Find("dtype")?.GetString());
        if (type is null && step.Has("dtype"))
        {
            LeftOut.Add(name);
            return null;
        }

        Variable variable = step.Find("initializer") is { ValueKind: not JsonValueKind.String } value
            ? GetWithValue(step, name, value, type)
            : Graph.GetVariable(name, ShapeOf(step.Find("shape")), type, step.Has("initializer") ? Initializer.Zeros : null, step.Bool("trainable", true));
        bool created = made.Add(variable);
        return Json(new { variable = variable.Name, created, dtype = variable.DType.Name(), shape = variable.Shape.ToArray() });
    }

    private Variable GetWithValue(JsonElement step, string name, JsonElement value, DType? type)
    {
        float[] values = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.AsFloat())] : [value.AsFloat()];
        TensorData data = value.ValueKind == JsonValueKind.Array ? TensorData.Vector<float>(values) : TensorData.Scalar(values[0]);
        Operand initial = step.Bool("as_tensor", false) ? Graph.Constant(data) : data.ToNDArray();

        // A value brings its shape: giving both is an error in TensorFlow, and cannot be written here.
        if (step.Has("shape")) throw new GraphException("a shape beside a value");
        return Graph.GetVariable(name, initial, type, step.Bool("trainable", true));
    }
}

/// <summary>The operations that the golden scopes cases make on one input of shape [1, 1].</summary>
internal static class ScopeOps
{
    public static Operation Make(string kind, Tensor x, string? name) => kind switch
    {
        "relu" => Nn.Relu(x, name).Op,
        "identity" => ArrayOps.Identity(x, name).Op,
        "matmul" => MathOps.MatMul(x, x, name: name).Op,
        "add" => MathOps.Add(x, x, name).Op,
        "plus" => (x + x).Op,
        "minus" => (1f - x).Op,
        "times" => (2f * x).Op,
        "truediv" => (x / x).Op,
        "neg" => (-x).Op,
        "placeholder" => x.Graph.Placeholder(DType.Float32, name: name).Op,
        "softmax" => Nn.Softmax(x, name).Op,
        "noop" => x.Graph.NoOp(name),
        "split" => ArrayOps.Split(x, 1, 0, name)[0].Op,
        "concat" => ArrayOps.Concat([x, x], 0, name).Op,
        "mean" => MathOps.Mean(x, name: name).Op,
        "reshape" => ArrayOps.Reshape(x, [1], name).Op,
        "dropout" => Nn.Dropout(x, 0.5f, name: name).Op,
        "xw_plus_b" => Nn.XwPlusB(x, x, ArrayOps.Reshape(x, [1]), name).Op,
        _ => Unknown(kind, x),
    };

    private static Operation Unknown(string kind, Tensor x)
    {
        Assert.Fail($"No operation {kind} is known here.");
        return x.Op;
    }
}
