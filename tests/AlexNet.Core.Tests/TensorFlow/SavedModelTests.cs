using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Formats;

/// <summary>SavedModels written, their signature read, and run again.</summary>
public sealed class SavedModelTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void What_is_written_gives_the_same_numbers(bool frozen)
    {
        using var folder = new TempFolder();
        var graph = new Graph();
        Tensor images = graph.Placeholder(DType.Float32, new Shape(null, 4), "images");
        Tensor keepProb = graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
        Variable w = graph.GetVariable("w", new Shape(4, 3));
        Tensor scores = MathOps.MatMul(Nn.Dropout(images, keepProb), w, name: "scores");
        Tensor probabilities = Nn.Softmax(scores, name: "probabilities");
        new MomentumOptimizer(0.1f, 0.9f).Minimize(MathOps.Mean(scores));
        NDArray x = new NDArray(Recipe.Fill("x", 8, -1, 1)).reshape(2, 4);
        float[] expected;
        int nodes;
        using (var session = new Session(graph))
        {
            session.Run(graph.GlobalVariablesInitializer());
            nodes = graph.Operations.Count;
            var fixedValues = new Feeds { [keepProb] = 1f };
            SavedModels.Save(session, folder["m"], Named("images", images), new Dictionary<string, Tensor> { ["scores"] = scores, ["probabilities"] = probabilities }, fixedValues, frozen);
            expected = session.Run(probabilities, new Feeds { [images] = x, [keepProb] = 1f }).ToArray<float>();
            Assert.That(() => SavedModels.Save(session, folder["m"], Named("images", images), Named("scores", scores)), Throws.InstanceOf<AlexNetException>().With.Message.Contains("exists"));
        }

        Assert.That(graph.Operations, Has.Count.EqualTo(nodes));
        Assert.That(File.Exists(Path.Combine(folder["m"], "variables", "variables.index")), Is.EqualTo(!frozen));
        ModelSignature signature = SavedModels.ReadSignatures(folder["m"]).Single();
        Assert.That((signature.Key, signature.Method), Is.EqualTo(("serving_default", "tensorflow/serving/predict")));
        Assert.That(signature.Inputs, Is.EqualTo(new Dictionary<string, string> { ["images"] = "images:0" }));
        Assert.That(signature.Outputs, Is.EquivalentTo(new Dictionary<string, string> { ["scores"] = "scores:0", ["probabilities"] = "probabilities:0" }));
        TensorInfoOf(folder["m"], out TensorShapeProto shape, out DataType type);
        Assert.That((shape.Dim[0].Size, shape.Dim[1].Size, type), Is.EqualTo((-1L, 4L, DataType.DtFloat)));
        using Session read = SavedModels.Load(folder["m"]);
        Assert.That(read.Graph.Operations.Where(op => op.Type is "RandomUniform" or "GreaterEqual" || op.Name == "keep_prob"), Is.Empty, "dropout that keeps all is left out");
        Assert.That(read.Graph.Operations.Any(op => op.Type.Contains("Momentum", StringComparison.Ordinal)), Is.False);
        float[] actual = read.Run(read.Graph.GetTensor(signature.Outputs["probabilities"]), new Feeds { [read.Graph.GetTensor(signature.Inputs["images"])] = x }).ToArray<float>();
        Assert.That(actual, Is.EqualTo(expected));
    }

    // As dropout ends, but with a scale that is none: what dropout drops from is not the result.
    [TestCase(2f)]
    [TestCase(1f)]
    public void Noise_that_only_looks_like_dropout_keeps_its_scale(float scale)
    {
        using var folder = new TempFolder();
        var graph = new Graph();
        Tensor images = graph.Placeholder(DType.Float32, new Shape(4), "images");
        Tensor noise = graph.RandomUniform(new[] { 4 });
        Tensor scaled = MathOps.Mul(images, graph.Constant(scale));
        Tensor mask = MathOps.Cast(MathOps.GreaterEqual(noise, graph.Constant(0f)), DType.Float32);
        Tensor scores = ArrayOps.Identity(MathOps.Mul(scaled, mask), "scores");
        using (var session = new Session(graph)) SavedModels.Save(session, folder["m"], Named("images", images), Named("scores", scores));

        using Session read = SavedModels.Load(folder["m"]);
        float[] x = [1, 2, 3, -4];
        Assert.That(read.Run(read.Graph.GetTensor("scores:0"), new Feeds { [read.Graph.GetTensor("images:0")] = new NDArray(x) }).ToArray<float>(), Is.EqualTo(x.Select(value => value * scale)));
        Assert.That(read.Graph.Operations.Any(op => op.Type == "RandomUniform"), Is.EqualTo(scale != 1));
    }

    [Test]
    public void A_graph_alone_is_no_SavedModel()
    {
        using var folder = new TempFolder();
        var graph = new Graph();
        graph.Constant("a", "a");
        graph.Save(folder["saved_model.pb"]);
        Assert.That(() => SavedModels.ReadSignatures(folder.Path), Throws.InstanceOf<FileFormatException>().With.Message.Contains("no SavedModel"));
    }

    private static Dictionary<string, Tensor> Named(string name, Tensor tensor) => new() { [name] = tensor };

    private static void TensorInfoOf(string folder, out TensorShapeProto shape, out DataType type)
    {
        var info = GraphFile.Read(Path.Combine(folder, "saved_model.pb")).Meta!.SignatureDef["serving_default"].Inputs["images"];
        (shape, type) = (info.TensorShape, info.Dtype);
    }
}
