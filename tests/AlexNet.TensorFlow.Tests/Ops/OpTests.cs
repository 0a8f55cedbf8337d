using System.Runtime.CompilerServices;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Every op and its gradient in both engines, in every element type that it has.</summary>
public class OpTests : NeedsTensorFlow
{
    // In every graph, and those that FilesTests compares.
    private static readonly string[] Elsewhere = ["Placeholder", "Const", "ScalarSummary", "HistogramSummary", "ImageSummary", "MergeSummary", "SaveV2", "RestoreV2"];

    private static IEnumerable<TestCaseData> Cases =>
        from item in OpCases.List
        from type in item.Types
        select new TestCaseData(item, type).SetArgDisplayNames(item.Name, type.Name());

    [TestCaseSource(nameof(Cases))]
    public void BothEnginesAgree(object item, DType type) => OpRunner.Check((OpCase)item, type);

    [Test]
    public void NoOpIsMissing()
    {
        IEnumerable<string> all = typeof(Graph).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(OpDef)) && !type.IsAbstract && type.Namespace == "AlexNetTF" && !type.ContainsGenericParameters)
            .Select(type => ((OpDef)RuntimeHelpers.GetUninitializedObject(type)).Type);
        IEnumerable<string> compared = OpCases.List.SelectMany(OpRunner.TypesIn).Concat(Elsewhere);
        Assert.That(all.Except(compared).Order(), Is.Empty, "ops that no case runs");
        Assert.That(compared.Distinct().Count(), Is.GreaterThan(100));
    }
}
