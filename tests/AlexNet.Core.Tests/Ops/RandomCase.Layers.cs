using System.Text.Json;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <content>Dropout and initializers.</content>
internal sealed partial class RandomCase
{
    private void AddDropout()
    {
        NDArray values = GoldenGraph.ToArray(golden.Inputs["x"]);
        Tensor x = Graph.Placeholder(NDArrays.TypeOf(values), Shape.Of(golden.Inputs["x"].Shape), "x");
        Feeds[x] = values;
        double keep = golden.Attrs.Double("keep_prob");
        Operand share = golden.Attrs.Bool("keep_prob_is_tensor", false) ? Graph.Constant(TensorData.Scalar((float)keep), "keep") : keep;
        Operand? noise = golden.Attrs.Find("noise_shape") is { } shape ? (Operand)NoiseShape(shape, golden.Inputs["x"].Shape) : (Operand?)null;
        Tensor y = AlexNetTF.Nn.Dropout(x, share, noise, Seed, "drop");
        Outputs.Add("y", y);
        if (y != x) Outputs.Add("dx", Gradients.Compute(y, x)[0]!);
    }

    // null in a noise shape stands for the input's own size.
    private static int[] NoiseShape(JsonElement shape, int[] dims) =>
        [.. shape.EnumerateArray().Select((size, d) => size.ValueKind == JsonValueKind.Null || size.AsLong() < 0 ? dims[d] : (int)size.AsLong())];

    // A variable for each output, named as its random op's scope; dots in an output's name stand for slashes.
    private void AddVariables()
    {
        JsonElement[] nodes = [.. golden.Root.Get("random_nodes").EnumerateArray()];
        foreach (JsonElement node in nodes)
        {
            string name = node.Text("name")[..node.Text("name").IndexOf("/Initializer/", StringComparison.Ordinal)];
            string output = name.Replace('/', '.');
            GoldenTensor first = golden.Outputs[$"{output}.run1"];
            Variable variable = Graph.GetVariable(name, Shape.Of(first.Shape), initializer: InitializerOf(golden.Attrs.Text("initializer"), node.Long("seed2")));
            Outputs.Add(output, variable.Value);
        }

        Initializer = Graph.GlobalVariablesInitializer();
    }

    private Initializer? InitializerOf(string kind, long seed)
    {
        JsonElement args = golden.Attrs.Find("initializer_args") ?? golden.Root.Find("initializer_args") ?? default;
        return kind switch
        {
            "default" => null,
            _ when kind.StartsWith("glorot_uniform", StringComparison.Ordinal) => AlexNetTF.Initializer.GlorotUniform(seed),
            _ when kind.StartsWith("glorot_normal", StringComparison.Ordinal) => AlexNetTF.Initializer.GlorotNormal(seed),
            _ when kind.StartsWith("random_uniform", StringComparison.Ordinal) => AlexNetTF.Initializer.RandomUniform(args.Double("minval", -0.05), args.Double("maxval", 0.05), seed),
            _ when kind.StartsWith("random_normal", StringComparison.Ordinal) => AlexNetTF.Initializer.RandomNormal(args.Double("mean", 0), args.Double("stddev", 0.1), seed),
            _ when kind.StartsWith("truncated_normal", StringComparison.Ordinal) => AlexNetTF.Initializer.TruncatedNormal(args.Double("mean", 0), args.Double("stddev", 0.1), seed),
            _ when kind.StartsWith("variance_scaling", StringComparison.Ordinal) => Scaling(kind, args, seed),
            _ => throw new InvalidDataException($"The tests do not know the initializer {kind}."),
        };
    }

    private static VarianceScaling Scaling(string kind, JsonElement args, long seed)
    {
        (double scale, string mode, string distribution) = kind["variance_scaling".Length..] switch
        {
            "_he" => (2.0, "fan_in", "truncated_normal"),
            "_uniform_out" => (1.0, "fan_out", "uniform"),
            "_untruncated" => (1.0, "fan_avg", "untruncated_normal"),
            _ => (1.0, "fan_in", "truncated_normal"),
        };
        FanMode fan = args.Text("mode", mode) switch
        {
            "fan_in" => FanMode.In,
            "fan_out" => FanMode.Out,
            _ => FanMode.Average,
        };
        VarianceScaling.Shape drawn = args.Text("distribution", distribution) switch
        {
            "uniform" => VarianceScaling.Shape.Uniform,
            "untruncated_normal" => VarianceScaling.Shape.Normal,
            _ => VarianceScaling.Shape.TruncatedNormal,
        };
        return new VarianceScaling(args.Double("scale", scale), fan, drawn, seed);
    }
}
