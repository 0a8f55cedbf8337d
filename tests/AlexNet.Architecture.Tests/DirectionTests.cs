using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AlexNetTF.Architecture.Tests;

/// <summary>Who may know whom: the map in ARCHITECTURE.md, held by the compiler's own view of the sources.</summary>
[TestFixture]
public class DirectionTests
{
    [Test]
    public void The_sources_are_seen_whole()
    {
        Assert.That(Sources.Unknown, Is.LessThan(Sources.Uses.Count / 200), $"unknown names beside {Sources.Uses.Count} known uses");
        Assert.That(Sources.Uses.Count(u => u.Targets.Length > 0), Is.GreaterThan(1000));
        Assert.That(Sources.Uses.Any(u => u.Library == "NumSharp"));
    }

    [Test]
    public void Every_folder_has_its_place_on_the_map() =>
        Assert.That(Sources.Files.Select(f => Rooms.Of(f.File)).Distinct().Where(room => !Rooms.MayUse.ContainsKey(room)), Is.Empty);

    [Test]
    public void The_map_has_no_circle()
    {
        // Kahn's algorithm: take away folders whose targets are all gone; a circle remains.
        Dictionary<string, string[]> open = Rooms.MayUse.Keys.ToDictionary(from => from, from => Rooms.MayUse.Keys.Where(to => !Rooms.SameHouse(from, to) && Rooms.Allows(from, to)).ToArray());
        while (open.FirstOrDefault(r => !r.Value.Any(open.ContainsKey)).Key is { } free)
            open.Remove(free);
        Assert.That(open.Keys, Is.Empty);
    }

    [Test]
    public void Folders_name_only_what_lies_below_them()
    {
        IEnumerable<string> broken = Sources.Uses
            .Where(use => use.Targets.Length > 0 && !use.Targets.Any(target => IsGenerated(target) || Rooms.Allows(Rooms.Of(use.File), Rooms.Of(target))))
            .Select(use => $"{use} belongs to {Rooms.Of(use.Targets[0])}, which {Rooms.Of(use.File)} must not know");
        Assert.That(broken.Distinct().Take(40), Is.Empty);
    }

    [Test]
    public void Libraries_stay_where_they_belong()
    {
        IEnumerable<string> broken =
            from use in Sources.Uses
            let library = use.Library ?? (use.Targets.All(IsGenerated) ? "Google.Protobuf" : null)
            where library is not null
            from rule in Rooms.OnlyIn
            where rule.Key.EndsWith('*') ? library.StartsWith(rule.Key[..^1], StringComparison.Ordinal) : library == rule.Key
            where !rule.Value.Any(folder => Rooms.IsIn(Rooms.Of(use.File), folder))
            select $"{use} is {library}'s, which belongs in {string.Join(", ", rule.Value)}";
        Assert.That(broken.Distinct().Take(40), Is.Empty);
    }

    [Test]
    public void Only_the_second_engine_and_the_operating_system_are_called_natively()
    {
        IEnumerable<string> byName = Sources.Uses
            .Where(use => use.Library is not null && (use.Symbol.Contains("DllImport", StringComparison.Ordinal) || use.Symbol.Contains("LibraryImport", StringComparison.Ordinal) || use.Symbol.StartsWith("NativeLibrary", StringComparison.Ordinal)))
            .Where(use => !Rooms.Native.Any(folder => Rooms.IsIn(Rooms.Of(use.File), folder)))
            .Select(use => use.ToString());
        IEnumerable<string> byPointer = Sources.Files
            .Where(f => !Rooms.Native.Any(folder => Rooms.IsIn(Rooms.Of(f.File), folder)) && f.Root.DescendantNodes().OfType<FunctionPointerTypeSyntax>().Any(p => p.CallingConvention?.ManagedOrUnmanagedKeyword.Text == "unmanaged"))
            .Select(f => $"src/{f.File}: an unmanaged function pointer");
        Assert.That(byName.Concat(byPointer), Is.Empty);
    }

    private static bool IsGenerated(string file) => file.Contains("/obj/", StringComparison.Ordinal);
}
