using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>Whole graphs as GraphDef, against the text files that TensorFlow 1.15.5 wrote for the same scripts.</summary>
public class GraphDefTests
{
    public static IEnumerable<TestCaseData> Texts => Golden.Files("names/tf1.15.5", "*.pbtxt");

    [TestCaseSource(nameof(Texts))]
    public void EveryNodeIsTensorFlowsMessage(string path)
    {
        if (!NamedGraphs.All.TryGetValue(Path.GetFileNameWithoutExtension(path), out Action<Graph>? build)) Assert.Fail($"no program here builds the graph '{path}'");
        var graph = new Graph();

        build!(graph);

        GraphDef expected = GraphFile.Read(path).Graph, actual = GraphDef.Parser.ParseFrom(graph.ToGraphDef());
        for (int i = 0; i < expected.Node.Count; i++) Assert.That(actual.Node[i], Is.EqualTo(expected.Node[i]), expected.Node[i].Name);
        Assert.That(actual, Is.EqualTo(expected));
    }
}
