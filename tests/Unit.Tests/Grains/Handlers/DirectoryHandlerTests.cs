using System.Text.Json;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Grains.Files;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Handlers;

public sealed class DirectoryHandlerTests : IDisposable
{
    private readonly ServedFolder _folder = new();
    private readonly ServerUnderTest _server;

    public DirectoryHandlerTests() => _server = new ServerUnderTest(new ServerSettings { FileRoot = _folder.Path });

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"name":null}""")]
    public void The_root_is_listed_with_the_type_of_each_entry(string payload)
    {
        _folder.Write("b.txt", "");
        _folder.Write("sub/c.txt", "");
        _folder.Write(".hidden", "");
        Assert.Equal("""{".hidden":"file","b.txt":"file","sub":"directory"}""", List(payload).GetRawText());
    }

    [Fact]
    public void A_directory_below_the_root_is_listed_by_its_name()
    {
        _folder.Write("sub/deep/c.txt", "");
        Assert.Equal("""{"c.txt":"file"}""", List("""{"name":"sub/deep"}""").GetRawText());
    }

    [Fact]
    public void Entries_that_clients_may_not_ask_for_are_not_listed()
    {
        _folder.Write("a", "");
        _folder.Write("back\\slash", "");
        _folder.MakePipe("pipe");
        File.CreateSymbolicLink(_folder.PathOf("out"), "../secret.txt");
        Directory.CreateSymbolicLink(_folder.PathOf("up"), "..");
        Assert.Equal("""{"a":"file"}""", List("").GetRawText());
    }

    [Theory]
    [InlineData(2500, 10)]
    [InlineData(1000, 200)]
    public void A_long_list_is_split_into_several_answers(int count, int length)
    {
        var names = Enumerable.Range(0, count).Select(i => $"{i:d5}".PadRight(length, 'x')).ToArray();
        foreach (var name in names)
            _folder.Write(name, "");

        var listed = new List<string>();
        string? after = null;
        do
        {
            var page = List(JsonSerializer.Serialize(new { after })).EnumerateObject().ToArray();
            listed.AddRange(page.Where(entry => entry.Name != DirectoryHandler.More).Select(entry => entry.Name));
            after = page.FirstOrDefault(entry => entry.Name == DirectoryHandler.More) is { Value.ValueKind: JsonValueKind.String } more ? more.Value.GetString() : null;
        }
        while (after is not null);

        Assert.Equal(names, listed);
    }

    private JsonElement List(string payload)
    {
        var answer = _server.Run("directory", payload, timeLeftMs: 60_000);
        Assert.True(answer.Status == ResponseStatus.Ok, answer.Body);
        return JsonDocument.Parse(answer.Body).RootElement;
    }
}
