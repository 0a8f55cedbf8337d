using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>How much a graph knows of its inputs' shapes while it is built.</summary>
public enum Known
{
    /// <summary>Every size.</summary>
    Sizes,

    /// <summary>The number of dimensions.</summary>
    Rank,

    /// <summary>Nothing.</summary>
    Nothing,
}

/// <summary>
/// Every case of golden/ops: the graph of its op, outputs and gradients against TensorFlow's numbers, errors against
/// its errors. Each family of ops adds its builders in a partial file of its own (<c>GoldenOpsTests.FAMILY.cs</c>).
/// </summary>
public partial class GoldenOpsTests
{
    private static readonly Lazy<GoldenTable> Table = new(() =>
    {
        var table = new GoldenTable();
        AddArray(table);
        AddMath(table);
        AddNn(table);
        AddState(table);
        return table;
    });

    private static IEnumerable<TestCaseData> Cases => Golden.Cases("ops");

    [TestCaseSource(nameof(Cases))]
    public void SizesKnown(GoldenCase golden) => Check(golden, Known.Sizes);

    [TestCaseSource(nameof(Cases))]
    public void RankKnown(GoldenCase golden) => Check(golden, Known.Rank);

    [TestCaseSource(nameof(Cases))]
    public void NothingKnown(GoldenCase golden) => Check(golden, Known.Nothing);

    static partial void AddArray(GoldenTable table);

    static partial void AddMath(GoldenTable table);

    static partial void AddNn(GoldenTable table);

    static partial void AddState(GoldenTable table);

    private static void Check(GoldenCase golden, Known known)
    {
        if (Table.Value.Find(golden.Op) is not { } entry)
        {
            Assert.Fail($"No builder for the op {golden.Op}.");
            return;
        }

        var graph = new GoldenGraph(golden, known);
        if (golden.ExpectError is { } error) CheckError(graph, entry, error);
        else CheckValues(graph, entry);
    }

    private static void CheckError(GoldenGraph graph, GoldenEntry entry, ExpectedError error)
    {
        // What a graph cannot see while it is built, for lack of sizes, it must find in the run.
        bool atBuild = error.When == "build";
        try
        {
            entry.Build(graph);
        }
        catch (GraphException) when (atBuild || graph.Known != Known.Sizes)
        {
            return;
        }

        if (atBuild && graph.Known == Known.Sizes) Assert.Fail("The graph was built where TensorFlow refuses it.");
        try
        {
            // A window that leaves no output is refused while a graph is built, but gives an empty tensor in a run.
            NDArray[] values = graph.Run([.. graph.Outputs.Values]);
            Assert.That(atBuild && values.All(value => value.size == 0), "The run succeeded where TensorFlow fails.");
        }
        catch (RunException found)
        {
            Assert.That(found.Code, Is.EqualTo(CodeOf(atBuild ? "InvalidArgumentError" : error.Type)));
        }
    }

    private static RunErrorCode CodeOf(string type) => type switch
    {
        "InvalidArgumentError" => RunErrorCode.InvalidArgument,
        "NotFoundError" => RunErrorCode.NotFound,
        "FailedPreconditionError" => RunErrorCode.FailedPrecondition,
        "UnimplementedError" => RunErrorCode.Unimplemented,
        _ => throw new InvalidDataException($"The tests do not know the error {type}."),
    };

    private static void CheckValues(GoldenGraph graph, GoldenEntry entry)
    {
        GoldenCase golden = graph.Case;
        entry.Build(graph);
        Assert.That(graph.Outputs.Keys, Is.SupersetOf(golden.Outputs.Keys), "outputs that the builder makes");
        Dictionary<string, Tensor?> gradients = graph.Gradients();
        foreach ((string input, GoldenTensor? expected) in golden.Gradients)
        {
            Assert.That(gradients[input] is null, Is.EqualTo(expected is null), $"whether {input} has no gradient");
        }

        string[] outputs = [.. golden.Outputs.Keys];
        string[] inputs = [.. golden.Gradients.Where(pair => pair.Value is not null).Select(pair => pair.Key)];
        NDArray[] values = graph.Run([.. outputs.Select(name => graph.Outputs[name]), .. inputs.Select(name => gradients[name]!)]);
        for (int i = 0; i < outputs.Length; i++)
        {
            golden.Outputs[outputs[i]].AssertEqual(values[i], entry.ToleranceOf(golden, outputs[i]), outputs[i]);
        }

        if (golden.Note.Contains("informative", StringComparison.Ordinal)) return;
        for (int i = 0; i < inputs.Length; i++)
        {
            golden.Gradients[inputs[i]]!.AssertEqual(values[outputs.Length + i], entry.ToleranceOfGradient(golden, inputs[i]), $"gradient of {inputs[i]}");
        }
    }
}
