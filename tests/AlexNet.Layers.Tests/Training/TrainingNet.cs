using System.Text.Json;

namespace AlexNetTF.Tests;

/// <summary>A small net as a golden training case describes it, with its loss and one optimizer step.</summary>
internal sealed class TrainingNet
{
    public TrainingNet(JsonElement attrs, JsonElement inputs, Graph graph, long? opSeed)
    {
        int[] size = [.. attrs.GetProperty("input").EnumerateArray().Select(item => item.GetInt32())];
        Images = graph.Placeholder(DType.Float32, Shape.Of(size), "images");
        Labels = graph.Placeholder(DType.Int32, new Shape(size[0]), "labels");
        Tensor logits = attrs.GetProperty("net").EnumerateArray().Aggregate(Images, (x, layer) => Build(x, layer, (float)attrs.GetProperty("keep_prob").GetDouble(), opSeed));
        Tensor oneHot = ArrayOps.OneHot(Labels, logits.Shape[1]!.Value);
        Loss = MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogitsV2(oneHot, logits));
        float l2 = (float)attrs.GetProperty("l2").GetDouble();
        if (l2 != 0)
        {
            Loss += MathOps.AddN([.. graph.TrainableVariables().Where(variable => variable.Op.Name.EndsWith("weights", StringComparison.Ordinal)).Select(variable => Nn.L2Loss(variable))]) * l2;
        }

        Variable[] trained = attrs.GetProperty("var_list") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(name => graph.TrainableVariables().Single(variable => variable.Op.Name == name.GetString()))]
            : [.. graph.TrainableVariables()];
        Variable? step = attrs.GetProperty("global_step").GetBoolean() ? graph.GlobalStep() : null;
        Rate = RateOf(attrs, graph, step);
        IReadOnlyList<GradientAndVariable> pairs = OptimizerOf(attrs, out Optimizer optimizer, Rate).ComputeGradients(Loss, trained);
        Gradients = pairs.ToDictionary(pair => pair.Variable.Op.Name, pair => pair.Gradient!);
        if (attrs.GetProperty("clip_norm").ValueKind == JsonValueKind.Number)
        {
            (IReadOnlyList<Tensor?> clipped, Tensor norm) = MathOps.ClipByGlobalNorm([.. pairs.Select(pair => pair.Gradient!)], (float)attrs.GetProperty("clip_norm").GetDouble());
            pairs = [.. pairs.Zip(clipped, (pair, gradient) => pair with { Gradient = gradient })];
            GlobalNorm = norm;
        }

        Train = optimizer.ApplyGradients(pairs, step);
        _ = inputs;
    }

    public Tensor Images { get; }

    public Tensor Labels { get; }

    public Tensor Loss { get; }

    public Tensor Rate { get; }

    public Tensor? GlobalNorm { get; }

    public Operation Train { get; }

    public IReadOnlyDictionary<string, Tensor> Gradients { get; }

    private static Tensor Build(Tensor x, JsonElement layer, float keepProb, long? opSeed)
    {
        string Text(string key) => layer.GetProperty(key).GetString()!;
        int Number(string key) => layer.GetProperty(key).GetInt32();
        float Real(string key) => (float)layer.GetProperty(key).GetDouble();
        Padding Window() => Text("padding") == "SAME" ? Padding.Same : Padding.Valid;
        switch (Text("kind"))
        {
            case "conv":
                return x.Conv(Number("kernel"), Number("filters"), Number("stride"), Text("name"), Window(), groups: Number("groups"), relu: layer.GetProperty("relu").GetBoolean());
            case "max_pool":
                return x.MaxPool(Number("size"), Number("stride"), Text("name"), Window());
            case "lrn":
                return x.Lrn(Number("radius"), Real("alpha"), Real("beta"), Text("name"), Real("bias"));
            case "flatten":
                return ArrayOps.Reshape(x, [-1, x.Shape.Skip(1).Aggregate(1, (product, size) => product * size!.Value)]);
            case "fc":
                Tensor result = x.Fc(x.Shape[1]!.Value, Number("units"), Text("name"), relu: layer.GetProperty("relu").GetBoolean());
                return layer.GetProperty("dropout").GetBoolean() ? result.Dropout(keepProb, opSeed) : result;
            default:
                throw new InvalidOperationException($"unknown layer kind {Text("kind")}");
        }
    }

    private static Tensor RateOf(JsonElement attrs, Graph graph, Variable? step)
    {
        float rate = (float)attrs.GetProperty("learning_rate").GetDouble();
        if (attrs.GetProperty("decay") is not { ValueKind: JsonValueKind.Object } decay) return graph.Constant(rate, "rate");
        return LearningRate.ExponentialDecay(
            rate, step!, decay.GetProperty("decay_steps").GetInt32(), (float)decay.GetProperty("decay_rate").GetDouble(), decay.GetProperty("staircase").GetBoolean());
    }

    private static Optimizer OptimizerOf(JsonElement attrs, out Optimizer optimizer, Tensor rate)
    {
        JsonElement hyper = attrs.GetProperty("hyper");
        float Hyper(string key) => (float)hyper.GetProperty(key).GetDouble();
        return optimizer = attrs.GetProperty("optimizer").GetString() switch
        {
            "GradientDescent" => new GradientDescentOptimizer(rate),
            "Momentum" => new MomentumOptimizer(rate, Hyper("momentum"), hyper.GetProperty("use_nesterov").GetBoolean()),
            "Adam" => new AdamOptimizer(rate, Hyper("beta1"), Hyper("beta2"), Hyper("epsilon")),
            string other => throw new InvalidOperationException($"unknown optimizer {other}"),
            null => throw new InvalidOperationException("no optimizer"),
        };
    }
}
