namespace AlexNetTF.TensorFlow;

/// <summary>The nodes of a Saver, laid out as TensorFlow 1.15's.</summary>
/// <param name="FileName">Fed with the checkpoint's prefix.</param>
/// <param name="Save">Fetched to save.</param>
/// <param name="Restore">Run to restore.</param>
internal sealed record SaverNodes(Tensor FileName, Tensor Save, Operation Restore)
{
    /// <param name="graph">The graph.</param>
    /// <param name="variables">References to variables by the names that the checkpoint has for them.</param>
    /// <param name="name">The name scope.</param>
    public static SaverNodes Add(Graph graph, IEnumerable<KeyValuePair<string, Tensor>> variables, string name)
    {
        KeyValuePair<string, Tensor>[] sorted = [.. variables.OrderBy(pair => pair.Key, StringComparer.Ordinal)];
        string[] names = [.. sorted.Select(pair => pair.Key)];
        using NameScope scope = graph.NameScope(name);
        Tensor given = ArrayOps.PlaceholderWithDefault(graph, "model", Shape.Scalar, "filename");
        Tensor fileName = ArrayOps.PlaceholderWithDefault(graph, given, Shape.Scalar, "Const");
        Tensor saved = AddSave(graph, fileName, names, sorted);
        return new SaverNodes(fileName, saved, AddRestore(graph, fileName, names, sorted));
    }

    private static Tensor AddSave(Graph graph, Tensor fileName, string[] names, KeyValuePair<string, Tensor>[] variables)
    {
        Operation save;
        using (NameScope scope = graph.NameScope("SaveV2"))
        {
            Tensor[] inputs = [fileName, graph.Constant(names, "tensor_names"), graph.Constant(NoSlices(names), "shape_and_slices"), .. variables.Select(pair => pair.Value)];
            save = graph.AddOperation(new SaveV2Op(), inputs, scope.Name);
        }

        using IDisposable after = graph.ControlDependencies(save);
        using IDisposable beside = graph.Colocate(fileName.Op);
        return ArrayOps.Identity(fileName, "control_dependency");
    }

    private static Operation AddRestore(Graph graph, Tensor fileName, string[] names, KeyValuePair<string, Tensor>[] variables)
    {
        var def = new RestoreV2Op([.. variables.Select(pair => pair.Value.DType)]);
        Operation restore;
        using (graph.Device("/cpu:0"))
        using (NameScope scope = graph.NameScope("RestoreV2"))
        {
            restore = graph.AddOperation(def, [fileName, graph.Constant(names, "tensor_names"), graph.Constant(NoSlices(names), "shape_and_slices")], scope.Name);
        }

        var assigns = new List<Operation>();
        for (int i = 0; i < variables.Length; i++)
        {
            def.Expect(i, variables[i].Value.Shape);
            assigns.Add(StateOps.Assign(variables[i].Value, restore.Outputs[i], name: "Assign").Op);
        }

        return graph.Group(assigns, "restore_all");
    }

    private static string[] NoSlices(string[] names) => Array.ConvertAll(names, _ => "");
}
