namespace AlexNetTF.Execution;

/// <summary>
/// Pad + Conv2D → Conv2D with explicit padding: the zeros are never written.
/// Not where anything but convolutions reads the padded picture, or where batch or channels are padded.
/// </summary>
internal static class PaddedConvolution
{
    public static void Apply(PlanGraph graph)
    {
        foreach (PlanNode pad in graph.Nodes.Where(node => node.Def.Type == "Pad").ToArray())
        {
            PlanNode[] users = [.. graph.UsersOf(pad.Output)];
            if (Zeros(pad) is not { } zeros || graph.Fetched.Contains(pad.Output) || graph.IsAwaited(pad)) continue;
            if (users.Length == 0 || !users.All(user => user.Def is Conv2DOp && user.Inputs[0] == pad.Output && graph.CanWait([pad], user))) continue;
            foreach (PlanNode user in users) graph.Replace([user], Merge(pad, user, zeros));
            graph.Nodes.Remove(pad);
        }
    }

    // Before and after of rows and columns.
    private static int[]? Zeros(PlanNode pad)
    {
        if (pad.Inputs[1].Constant is not { } paddings || pad.Inputs[0].Info.Rank != 4) return null;
        int[] sizes = Array.ConvertAll(paddings.ToInt64s(), size => checked((int)size));
        return sizes[0] == 0 && sizes[1] == 0 && sizes[6] == 0 && sizes[7] == 0 ? sizes : null;
    }

    private static PlanNode Merge(PlanNode pad, PlanNode user, int[] zeros)
    {
        ConvAttributes attributes = ((Conv2DOp)user.Def).Attributes;
        int[] all = new int[8];
        for (int dimension = 1; dimension <= 2; dimension++)
        {
            TensorInfo filter = user.Inputs[1].Info;
            Window window = Window.Of(pad.Output.Info.Dims[dimension], filter.Dims[dimension - 1], attributes.Strides[dimension], attributes.Dilations[dimension], attributes.Padding, dimension);
            all[2 * dimension] = zeros[2 * dimension] + window.Before;
            all[(2 * dimension) + 1] = zeros[(2 * dimension) + 1] + Math.Max(0, ((window.Output - 1) * window.Stride) + window.Extent - window.Input - window.Before);
        }

        return new PlanNode(user.Name, new Conv2DOp(attributes.With(WindowPadding.Explicit(all))), [pad.Inputs[0], user.Inputs[1]], user.Outputs, user.Order);
    }
}
