namespace Shortline.Unit.Tests.Hosting;

/// <summary>Finds files of the repository from the folder of the built tests.</summary>
internal static class Repository
{
    public static string PathOf(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Shortline.slnx")))
                return Path.Combine(folder.FullName, relative);
        }

        throw new InvalidOperationException($"There is no Shortline.slnx above {AppContext.BaseDirectory}.");
    }
}
