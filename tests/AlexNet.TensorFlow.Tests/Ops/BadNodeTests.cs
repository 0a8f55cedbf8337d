namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Every op as a node of a GraphDef with attributes and element types that do not fit it: refused in both engines or in neither.</summary>
public class BadNodeTests : NeedsTensorFlow
{
    [Test]
    public void BothEnginesRefuseTheSameNodes()
    {
        var differences = new List<string>();
        var seen = new HashSet<string>();
        int refused = 0;
        foreach (OpCase item in OpCases.List)
        {
            foreach (LoneOp lone in LoneOp.Of(item, item.Types[0]).Where(lone => !lone.HasVariables && !BadInputs.Untried.ContainsKey(lone.Type)))
            {
                var nodes = new BadNodes(lone);
                foreach ((BadNodes.Change change, TensorFlow.Protos.GraphDef graph) in nodes.Changes().Concat(nodes.InOtherTypes()).Where(node => seen.Add($"{lone.Type} {node.Change.Text}")))
                {
                    string ours = nodes.Ours(graph), theirs = nodes.Theirs(graph);
                    if (ours == "refused" && theirs == ours) refused++;
                    if (ours != theirs && !BadInputs.MayDiffer(lone.Type, change, ours == "refused")) differences.Add($"{lone.Type} of {item.Name}, {change.Text}: {ours} here, {theirs} in TensorFlow");
                }
            }
        }

        Assert.That(differences, Is.Empty, string.Join("\n", differences));
        Assert.That(refused, Is.GreaterThan(500));
    }
}
