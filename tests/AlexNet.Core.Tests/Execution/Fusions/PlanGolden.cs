using AlexNetTF.Execution;
using AlexNetTF.Testing;
using AlexNetTF.Tests.Kernels;
using NumSharp;

namespace AlexNetTF.Tests.Execution;

/// <summary>
/// A graph run with fusions and without: the results, and the plans in words against a file beside the test.
/// </summary>
internal sealed class PlanGolden
{
    private readonly List<Operation> first = [];
    private readonly Feeds feeds = [];

    public Graph Graph { get; } = new();

    /// <summary>A placeholder that the run feeds with reproducible numbers.</summary>
    public Tensor Feed(string name, params int[] dims)
    {
        Tensor placeholder = Graph.Placeholder(DType.Float32, Shape.Of(dims), name);
        feeds[placeholder] = TensorData.Of<float>(Recipe.Fill(name, dims, -1, 1), dims).ToNDArray();
        return placeholder;
    }

    /// <summary>A variable's reference, with reproducible numbers in it before the run.</summary>
    public Tensor Variable(string name, params int[] dims) => Variable(name, dims, 0);

    /// <summary>As the other overload, with numbers around <paramref name="mean"/>.</summary>
    public Tensor Variable(string name, int[] dims, float mean)
    {
        Tensor variable = Graph.VariableV2(DType.Float32, Shape.Of(dims), name);
        NDArray values = TensorData.Of<float>(Recipe.Fill(name, dims, mean - 1, mean + 1), dims).ToNDArray();
        first.Add(StateOps.Assign(variable, values).Op);
        return variable;
    }

    /// <summary>The steps of the plan with fusions, by op type.</summary>
    public string[] Steps(params Fetch[] fetches)
    {
        using Session session = Open(fuse: true);
        return [.. Describe(session, fetches).Split('\n').Select(line => line.Split(' ')[0]).Where(word => word is not ("fetch" or "arena" or ""))];
    }

    /// <summary>Compares the plans with the golden file, and the results with each other bit for bit.</summary>
    /// <param name="file">The file's name without extension.</param>
    /// <param name="tolerance">Of the largest magnitude; 0 for equal bits.</param>
    public void Check(string file, Fetch[] fetches, double tolerance = 0)
    {
        using Session plain = Open(fuse: false), fused = Open(fuse: true);
        GoldenText.Check($"AlexNet.Core.Tests/Execution/Fusions/{file}.txt", $"before:\n{Describe(plain, fetches)}\nafter:\n{Describe(fused, fetches)}");
        CompareResults(plain.Run(fetches, feeds), fused.Run(fetches, feeds), tolerance);
    }

    /// <summary>Compares the results of both plans bit for bit.</summary>
    public void CompareResults(params Fetch[] fetches)
    {
        using Session plain = Open(fuse: false), fused = Open(fuse: true);
        CompareResults(plain.Run(fetches, feeds), fused.Run(fetches, feeds), 0);
    }

    private static void CompareResults(NDArray?[] expected, NDArray?[] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] is null) continue;
            float[] values = expected[i]!.ToArray<float>();
            if (tolerance == 0) Variants.AssertSameBits(actual[i]!.ToArray<float>(), values, $"fetch {i}");
            else Variants.AssertClose(actual[i]!.ToArray<float>(), Array.ConvertAll(values, value => (double)value), tolerance, $"fetch {i}");
        }
    }

    private string Describe(Session session, Fetch[] fetches) => ((ManagedEngine)session.Engine).Describe(fetches, feeds);

    private Session Open(bool fuse)
    {
        // One thread, so that scratch memory and so the plan is the same everywhere.
        var session = new Session(Graph, new SessionOptions { Fuse = fuse, Threads = 1 });
        foreach (Operation operation in first) session.Run(operation);
        return session;
    }
}
