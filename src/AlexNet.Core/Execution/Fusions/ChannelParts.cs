namespace AlexNetTF.Execution;

/// <summary>Finds the tensor that was cut along its last of four dimensions, by a Split or by Slices as a ConcatV2's gradient makes them.</summary>
internal static class ChannelParts
{
    private const int Channels = 3;

    /// <summary>The tensor whose equal parts, in order and together the whole, these values are; null if there is none.</summary>
    public static PlanValue? WholeOf(IReadOnlyList<PlanValue> parts)
    {
        PlanValue? whole = null;
        for (int i = 0; i < parts.Count; i++)
        {
            PlanValue? source = SourceOf(parts[i], i, parts.Count);
            if (source is null || (whole is not null && whole != source)) return null;
            whole = source;
        }

        return whole;
    }

    /// <summary>The values that a ConcatV2 joins along the last of four dimensions; null for any other node.</summary>
    public static IReadOnlyList<PlanValue>? JoinedBy(PlanNode node)
    {
        if (node.Def.Type != "ConcatV2" || node.Output.Info.Rank != 4 || !IsLastAxis(node.Inputs[^1])) return null;
        return [.. node.Inputs.Take(node.Inputs.Count - 1)];
    }

    private static PlanValue? SourceOf(PlanValue part, int index, int count) => part.Producer switch
    {
        { Def.Type: "Split" } split => split.Outputs.Count == count && split.Outputs[index] == part && part.Info.Rank == 4 && IsLastAxis(split.Inputs[0]) ? split.Inputs[1] : null,
        { Def.Type: "Slice" } slice => IsPart(slice, index, count) ? slice.Inputs[0] : null,
        _ => null,
    };

    private static bool IsPart(PlanNode slice, int index, int count)
    {
        int[] whole = slice.Inputs[0].Info.Dims, part = slice.Output.Info.Dims;
        return whole.Length == 4
            && part.AsSpan(0, Channels).SequenceEqual(whole.AsSpan(0, Channels))
            && part[Channels] * count == whole[Channels]
            && slice.Inputs[1].Constant?.ToInt64s() is [0, 0, 0, var begin]
            && begin == (long)index * part[Channels];
    }

    private static bool IsLastAxis(PlanValue axis) => axis.Constant?.ToInt64s() is [Channels] or [-1];
}
