using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Graphs and SavedModels that are written here and read by libtensorflow itself, without this library's import.</summary>
public sealed class ModelTests : NeedsTensorFlow
{
    private const int Classes = 7;
    private TempFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void AFrozenGraphGivesTheSameNumbers()
    {
        using Session session = Open(out Tensor x, out Tensor keepProb, out Tensor scores);
        session.Freeze(scores).Save(folder["frozen.pb"]);
        NDArray pictures = Pictures();
        NDArray expected = session.Run(scores, new Feeds { [x] = pictures, [keepProb] = 1f });

        using NativeModel model = NativeModel.OfGraphDef(File.ReadAllBytes(folder["frozen.pb"]));
        NetTests.Close(expected, model.Run(scores.Name, (x.Name, pictures), (keepProb.Name, NDArray.Scalar(1f))), "scores");
    }

    [Test]
    public void ASavedModelIsLoadedByItsTagAndRunByItsSignature([Values] bool frozen)
    {
        using Session session = Open(out Tensor x, out Tensor keepProb, out Tensor scores);
        var fixedValues = new Feeds { [keepProb] = 1f };
        SavedModels.Save(session, folder["model"], new Dictionary<string, Tensor> { ["images"] = x }, new Dictionary<string, Tensor> { ["scores"] = scores }, fixedValues, frozen);
        NDArray pictures = Pictures();
        NDArray expected = session.Run(scores, new Feeds { [x] = pictures, [keepProb] = 1f });

        ModelSignature signature = SavedModels.ReadSignatures(folder["model"]).Single();
        using NativeModel model = NativeModel.OfSavedModel(folder["model"]);
        NetTests.Close(expected, model.Run(signature.Outputs["scores"], (signature.Inputs["images"], pictures)), "scores");
    }

    private static NDArray Pictures() => TensorData.Of<float>(Recipe.Fill("models", 3 * 24 * 24 * 3, -120, 130), [3, 24, 24, 3]).ToNDArray();

    // The article's kinds of layers, small: a convolution in groups, normalization, pooling, dropout.
    private static Session Open(out Tensor x, out Tensor keepProb, out Tensor scores)
    {
        var graph = new Graph();
        graph.SetRandomSeed(3);
        x = graph.Placeholder(DType.Float32, new Shape(null, 24, 24, 3), "x");
        keepProb = graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
        Tensor conv = x.Conv(5, 8, 2, "conv1", Padding.Valid).MaxPool(3, 2, "pool1", Padding.Valid).Lrn(2, 2e-5f, 0.75f, "norm1").Conv(3, 16, name: "conv2", groups: 2);
        scores = ArrayOps.Reshape(conv, new[] { -1, 4 * 4 * 16 }).Fc(4 * 4 * 16, 32, "fc6", keepProb).Fc(32, Classes, "fc8", relu: false);
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return session;
    }
}
