using Shortline.Client;

namespace Shortline.Unit.Tests.Client;

public sealed class ClientAssemblyTests
{
    [Fact]
    public void The_client_library_references_only_the_runtime_and_two_Shortline_assemblies()
    {
        var others = typeof(ShortlineClient).Assembly.GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name != "Microsoft.Win32.Primitives");
        Assert.Equal(["Shortline.Balancing", "Shortline.Protocol"], others.Order(StringComparer.Ordinal));
    }
}
