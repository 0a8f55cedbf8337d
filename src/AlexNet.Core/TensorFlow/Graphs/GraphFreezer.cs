namespace AlexNetTF.TensorFlow;

/// <summary>Turns a graph with variables into one with constants.</summary>
internal static class GraphFreezer
{
    public static Graph Freeze(Session session, IReadOnlyList<Tensor> outputs)
    {
        if (outputs.Count == 0) throw new GraphException("Name at least one output that the frozen graph is to keep.");
        return GraphCopy.Of(outputs, GraphCopy.Values(session, outputs, new HashSet<Tensor>()));
    }
}
