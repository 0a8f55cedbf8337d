using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>
/// Every op on its own, with inputs that are fed and of unknown shape: what both engines do with inputs that do not fit. The ops
/// are those of <see cref="OpCases"/> and of their gradients, with the inputs that they have there, changed one at a time.
/// </summary>
public class BadInputTests : NeedsTensorFlow
{
    [Test]
    public void BothEnginesRefuseTheSameWithTheSameCode()
    {
        var differences = new List<string>();
        var refused = new HashSet<string>();
        var seen = new HashSet<string>();
        foreach (OpCase item in OpCases.List)
        {
            foreach (LoneOp lone in LoneOp.Of(item, item.Types[0]).Where(lone => !BadInputs.Untried.ContainsKey(lone.Type) && seen.Add(lone.Key)))
            {
                using Session managed = lone.Open(new SessionOptions()), tensorflow = lone.Open(Plain);
                foreach ((string change, NDArray[] values) in lone.Changes())
                {
                    string ours = lone.Outcome(managed, values), theirs = lone.Outcome(tensorflow, values);
                    if (ours == theirs && !ours.StartsWith('[')) refused.Add(lone.Type);
                    if (ours != theirs && !BadInputs.MayDiffer(lone.Type, ours, theirs)) differences.Add($"{lone.Type} of {item.Name}, {change}: {ours} here, {theirs} in TensorFlow");
                }
            }
        }

        Assert.That(differences, Is.Empty, string.Join("\n", differences));
        IEnumerable<string> all = seen.Select(key => key.Split('|')[0]).Distinct();
        Assert.That(all.Except(refused).Except(BadInputs.TakesAnything).Order(StringComparer.Ordinal), Is.Empty, "ops that nothing was refused by");
        Assert.That(refused, Has.Count.GreaterThan(60));
    }
}
