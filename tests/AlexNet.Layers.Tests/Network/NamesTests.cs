using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>Whole graphs against TensorFlow 1.15.5's, node by node: names, order, inputs, attributes, seeds, collections.</summary>
public class NamesTests
{
    private const string Version = "names/tf1.15.5";

    public static IEnumerable<TestCaseData> Graphs => Golden.Files(Version, "*.tsv");

    [TestCaseSource(nameof(Graphs))]
    public void NodesAreTensorFlows(string path)
    {
        Action<Graph> build = BuilderOf(path);
        string[] expected = [.. File.ReadLines(path).Skip(1)];
        var graph = new Graph();

        build(graph);

        string[] actual = [.. GraphListing.Of(graph)];
        for (int i = 0; i < Math.Min(actual.Length, expected.Length); i++) Assert.That(actual[i], Is.EqualTo(expected[i]), $"node {i}");
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
    }

    [TestCaseSource(nameof(Graphs))]
    public void SeedsFollowTensorFlow1(string path)
    {
        Action<Graph> build = BuilderOf(path);
        JsonElement facts = FactsOf(path);
        var graph = new Graph { SeedRule = SeedRule.LastOpId };
        graph.SetRandomSeed(1234);

        build(graph);

        Dictionary<string, long[]> expected = facts.GetProperty("seeds_with_graph_seed_1234").EnumerateObject()
            .ToDictionary(item => item.Name, item => item.Value.EnumerateArray().Select(seed => seed.GetInt64()).ToArray());
        Dictionary<string, long[]> actual = graph.Operations.Where(op => op.Type.StartsWith("Random", StringComparison.Ordinal))
            .ToDictionary(op => op.Name, op => new[] { (long)op.GetAttributes()["seed"]!, (long)op.GetAttributes()["seed2"]! });
        Assert.That(actual, Is.EquivalentTo(expected));
    }

    [TestCaseSource(nameof(Graphs))]
    public void CollectionsAreTensorFlows(string path)
    {
        Action<Graph> build = BuilderOf(path);
        var graph = new Graph();

        build(graph);

        foreach (JsonProperty collection in FactsOf(path).GetProperty("collections").EnumerateObject())
        {
            string[] names = [.. graph.GetCollection(collection.Name).Select(item => item switch
            {
                Variable variable => variable.Name,
                Operation operation => operation.Name,
                Tensor tensor => tensor.Name,
                _ => item.ToString()!,
            })];
            Assert.That(names, Is.EqualTo(collection.Value.EnumerateArray().Select(name => name.GetString())), collection.Name);
        }
    }

    private static Action<Graph> BuilderOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        if (!NamedGraphs.All.TryGetValue(name, out Action<Graph>? build)) Assert.Fail($"no program here builds the graph '{name}'");
        return build!;
    }

    private static JsonElement FactsOf(string path) =>
        Golden.Json($"{Version}/graphs.json").GetProperty("graphs").GetProperty(Path.GetFileNameWithoutExtension(path));
}
