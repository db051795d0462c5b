using FsCheck;
using FsCheck.Fluent;
using Shortline.Grains.Files;

namespace Shortline.Unit.Tests.Grains.Files;

public sealed class FileRootPropertyTests : IDisposable
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    // Parts of ordinary paths, and parts that could lead out of the folder.
    private static readonly string[] Pieces =
    [
        "a", "sub", "deep", "up", "hop", "out", "in", "secret.txt", "..", ".", "", " ", "~", "%2e%2e", "..%2f", "\\", "..\\", "C:", "\0", "\n", "…", "proc", "etc",
    ];

    private readonly ServedFolder _folder = new();
    private readonly FileRoot _root;

    public FileRootPropertyTests()
    {
        foreach (var name in (string[])["a", "sub/a", "sub/deep/a", "sub/secret.txt"])
            _folder.Write(name, name);
        foreach (var (name, target) in ((string, string)[])[("up", ".."), ("sub/up", "../.."), ("hop", "up"), ("out", "/"), ("in", "sub/deep"), ("sub/in", "..")])
            Directory.CreateSymbolicLink(_folder.PathOf(name), target);
        _root = new FileRoot(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Constructed_names_open_only_files_inside_the_folder() => Prop.ForAll(Names(), StaysInside).Check(Many);

    [Fact]
    public void Random_names_open_only_files_inside_the_folder() => Prop.ForAll(ArbMap.Default.ArbFor<string?>(), StaysInside).Check(Many);

    [Fact]
    public void Allowed_names_have_no_part_that_leads_up() => Prop.ForAll(Names(), name =>
        FileName.Fault(name) is not null
        || (Path.GetFullPath(Path.Join("/root", name)).StartsWith("/root/", StringComparison.Ordinal) && !name.Contains("..\\", StringComparison.Ordinal))).Check(Many);

    private static Arbitrary<string> Names() =>
        (from count in Gen.Choose(1, 8)
         from parts in Gen.Elements(Pieces).ArrayOf(count)
         from slash in Gen.Elements("/", "/", "/", "//", "\\")
         from start in Gen.Elements("", "", "", "/", "./", "../")
         select start + string.Join(slash, parts)).ToArbitrary();

    private bool StaysInside(string? name)
    {
        var opened = _root.TryOpenFile(name, out var file, out var refusal);
        using (file)
        {
            if (opened != refusal is null || (opened && !IsInside(file!.Path)))
                return false;
        }

        var found = _root.TryOpenDirectory(name ?? "", out var directory, out refusal);
        using (directory)
            return found == refusal is null && !(directory?.Names(null, 10, default).Contains("served") ?? false);
    }

    private bool IsInside(string path) => path.StartsWith(_folder.Path + "/", StringComparison.Ordinal) && File.ReadAllText(path) != "secret";
}
