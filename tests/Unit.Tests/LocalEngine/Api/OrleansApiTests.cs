using System.Reflection;
using System.Reflection.Emit;
using Orleans;

namespace Shortline.Unit.Tests.LocalEngine;

public class OrleansApiTests
{
    [Fact]
    public void Every_public_type_and_member_exists_in_Orleans_with_the_same_signature()
    {
        using var engine = File.OpenRead(typeof(Grain).Assembly.Location);

        Assert.Equal([], OrleansApi.Invented(PublicApi.Read(engine)));
    }

    [Fact]
    public void Types_that_are_elsewhere_are_types_of_ours()
    {
        using var engine = File.OpenRead(typeof(Grain).Assembly.Location);

        Assert.Equal([], OrleansApi.Elsewhere.Keys.Except(PublicApi.Read(engine).Keys));
    }

    [Fact]
    public void An_invented_type_is_found() => Assert.Equal(
        ["Orleans.Invention"],
        OrleansApi.Invented(Fake("Orleans.Invention", _ => { })));

    [Fact]
    public void An_invented_member_is_found() => Assert.Equal(
        ["Orleans.IGrainFactory: Void Invent()"],
        OrleansApi.Invented(Fake("Orleans.IGrainFactory", type => Declare(type, "Invent", typeof(void)))));

    [Fact]
    public void Another_return_type_is_found() => Assert.Equal(
        ["Orleans.Runtime.IGrainTimer: Int32 Change(System.TimeSpan ?, System.TimeSpan ?)"],
        OrleansApi.Invented(Fake("Orleans.Runtime.IGrainTimer", type => Declare(type, "Change", typeof(int), typeof(TimeSpan), typeof(TimeSpan)))));

    private static void Declare(TypeBuilder type, string name, Type returned, params Type[] parameters) => type.DefineMethod(
        name, MethodAttributes.Public | MethodAttributes.Abstract | MethodAttributes.Virtual, returned, parameters);

    private static IReadOnlyDictionary<string, IReadOnlySet<string>> Fake(string typeName, Action<TypeBuilder> fill)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Fake"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("Fake").DefineType(
            typeName, TypeAttributes.Public | TypeAttributes.Interface | TypeAttributes.Abstract);
        fill(type);
        type.CreateType();
        using var image = new MemoryStream();
        assembly.Save(image);
        image.Position = 0;
        return PublicApi.Read(image);
    }
}
