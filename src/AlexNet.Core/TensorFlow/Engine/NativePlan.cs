using AlexNetTF.Execution;
using NumSharp;

namespace AlexNetTF.TensorFlow;

/// <summary>One set of fetches and fed tensors in TensorFlow's terms.</summary>
internal sealed class NativePlan
{
    public const int MostKept = 64;
    private readonly Fetch[] fetches;

    /// <summary>Makes what the fetches need in TensorFlow's graph.</summary>
    public NativePlan(NativeGraph graph, ReadOnlySpan<Fetch> fetches, Tensor[] fed)
    {
        this.fetches = fetches.ToArray();
        Fed = fed;
        List<Operation> needed = Pruning.Prune(fetches, fed.ToHashSet());
        RequireFed(needed);
        foreach (Tensor tensor in fed) graph.Add(tensor.Op);
        foreach (Fetch fetch in fetches) graph.Add(fetch.Op);
        Draws = [.. needed.Select(graph.DrawOf).OfType<RandomDraw>()];
        Inputs = [.. fed.Select(tensor => graph[tensor]), .. Draws.Select(draw => draw.Counter)];
        Outputs = [.. this.fetches.Where(IsComputed).Select(fetch => graph[fetch.Tensor!]), .. Draws.Select(draw => draw.Count)];
        Targets = [.. this.fetches.Where(fetch => fetch.Tensor is null).Select(fetch => graph[fetch.Operation!])];
        Writes = needed.Exists(op => op.Def.WrittenInputs.Count > 0);
        Doing = "running " + string.Join(", ", this.fetches.Select(fetch => fetch.Tensor?.Name ?? fetch.Op.Name).Take(3)) + (this.fetches.Length > 3 ? " …" : "");
    }

    public Tensor[] Fed { get; }

    /// <summary>The random ops that run.</summary>
    public RandomDraw[] Draws { get; }

    /// <summary>What is fed: the fed tensors, then a counter per random op.</summary>
    public NativeOutput[] Inputs { get; }

    /// <summary>What is asked for: the fetches that are computed, then how many numbers each random op drew.</summary>
    public NativeOutput[] Outputs { get; }

    public nint[] Targets { get; }

    /// <summary>Whether the run changes variables.</summary>
    public bool Writes { get; }

    /// <summary>Whether no other run may go on beside: it changes variables, or where random ops stand.</summary>
    public bool IsExclusive => Writes || Draws.Length > 0;

    /// <summary>Whether all that is asked for is fed.</summary>
    public bool IsEmpty => Outputs.Length == 0 && Targets.Length == 0;

    /// <summary>What runs, for an error's message.</summary>
    public string Doing { get; }

    public bool Matches(ReadOnlySpan<Fetch> asked, Feeds? feeds)
    {
        if (!asked.SequenceEqual(fetches) || (feeds?.Count ?? 0) != Fed.Length) return false;
        foreach (Tensor tensor in Fed)
        {
            if (feeds!.Find(tensor) is null) return false;
        }

        return true;
    }

    /// <summary>Puts what the run gave, and what was fed, in the order of the fetches. TensorFlow does not take a tensor that is fed and fetched.</summary>
    public NDArray?[] Collect(NDArray?[] results, NDArray[] outputs, NDArray[] fed)
    {
        int next = 0;
        for (int i = 0; i < results.Length; i++)
        {
            if (fetches[i].Tensor is not { } tensor) continue;
            results[i] = IsComputed(fetches[i]) ? outputs[next++] : TensorData.From(fed[Array.IndexOf(Fed, tensor)]).ToNDArray();
        }

        return results;
    }

    private static void RequireFed(List<Operation> needed)
    {
        if (needed.Find(op => op.Def.MustBeFed) is { } op)
        {
            throw new RunException(RunErrorCode.InvalidArgument, $"{op} must be fed a value of type {op.Output.DType.Name()} and shape {op.Output.Shape}.");
        }
    }

    private bool IsComputed(Fetch fetch) => fetch.Tensor is { } tensor && !Fed.Contains(tensor);
}
